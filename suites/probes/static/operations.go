package main

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"syscall"
	"time"
)

const (
	mostFiles    = 1000
	mostFindings = 20
	mostBody     = 100000
)

// thrown is an error of the function: it has a name, as the errors of the other flavours have.
type thrown struct{ name, message string }

func (t thrown) Error() string { return t.name + ": " + t.message }

func probeError(message string) error { return thrown{"ProbeError", message} }

// environment-wide: these live as long as the process does.
var (
	instance = randomHex(16)
	counters = map[string]int{}
	findings = []string{}
)

// call is one event, as far as its operations need to know of it.
type call struct {
	headers  map[string]string
	results  []any
	failures []any
	state    map[string]json.RawMessage
}

// answered is how an operation ends its program.
type answered struct{ body []byte }

// do runs the operations of a program one after the other; what it gives ends the call.
func (c *call) do(program []json.RawMessage, of carried) (*answered, error) {
	for _, one := range program {
		if ended, err := c.perform(one, of); ended != nil || err != nil {
			return ended, err
		}
	}
	return nil, nil
}

func (c *call) perform(operation json.RawMessage, of carried) (*answered, error) {
	members := object(operation)
	if len(members) != 1 {
		return nil, probeError("an operation is an object with one key")
	}
	for name, argument := range members {
		switch name {
		case "return":
			return &answered{argument}, nil
		case "reply":
			var size struct{ Bytes int }
			json.Unmarshal(argument, &size)
			return &answered{[]byte(`"` + strings.Repeat("a", max(0, size.Bytes-2)) + `"`)}, nil
		case "first":
			var first struct {
				Times, Seconds float64
				Do             []json.RawMessage
			}
			json.Unmarshal(argument, &first)
			if !of.isFirst(first.Times, first.Seconds) {
				return nil, nil
			}
			return c.do(first.Do, of)
		}
		result, err := c.operate(name, argument, of)
		if err != nil {
			return nil, err
		}
		c.results = append(c.results, result)
	}
	return nil, nil
}

func (c *call) operate(name string, argument json.RawMessage, of carried) (any, error) {
	switch name {
	case "throw":
		var of struct{ Name, Message string }
		json.Unmarshal(argument, &of)
		return nil, thrown{of.Name, of.Message}
	case "sleep":
		var ms float64
		json.Unmarshal(argument, &ms)
		time.Sleep(time.Duration(ms * float64(time.Millisecond)))
		return nil, nil
	case "exit":
		var code int
		json.Unmarshal(argument, &code)
		os.Exit(code)
	case "log":
		os.Stdout.WriteString(textOf(argument) + "\n")
		return nil, nil
	case "logError":
		os.Stderr.WriteString(textOf(argument) + "\n")
		return nil, nil
	case "env":
		return environment(argument, "(set)"), nil
	case "context":
		return c.context(), nil
	case "files":
		return filesBelow(argument), nil
	case "alloc":
		var megabytes int
		json.Unmarshal(argument, &megabytes)
		return len(bytes.Repeat([]byte{1}, megabytes<<20)) >> 20, nil
	case "runtimeApi":
		return callRuntimeApi(argument), nil
	case "count":
		return counted(textOf(argument)), nil
	case "write":
		return write(argument), nil
	case "read":
		return read(textOf(argument)), nil
	case "instance":
		return instance, nil
	case "clock":
		return time.Now().UnixMilli(), nil
	case "tell":
		var of struct{ QueueUrl, Endpoint, Text string }
		json.Unmarshal(argument, &of)
		return tellQueue(of.QueueUrl, of.Endpoint, of.Text)
	case "failItem":
		c.failures = append(c.failures, map[string]any{"itemIdentifier": of.id})
		return of.id, nil
	case "state":
		for member, value := range object(argument) {
			c.state[member] = value
		}
		return nil, nil
	case "record":
		return of.check(argument)
	case "findings":
		return findings, nil
	}
	return nil, probeError("unknown operation " + name)
}

func counted(key string) int {
	counters[key]++
	return counters[key]
}

func (c *call) context() map[string]any {
	variable := func(name string) any {
		if set, is := os.LookupEnv(name); is {
			return set
		}
		return nil
	}
	header := func(name string) any {
		if given, is := c.headers[name]; is {
			return given
		}
		return nil
	}
	var deadline float64
	json.Unmarshal([]byte(c.headers["lambda-runtime-deadline-ms"]), &deadline)
	return map[string]any{
		"functionName":          variable("AWS_LAMBDA_FUNCTION_NAME"),
		"functionVersion":       variable("AWS_LAMBDA_FUNCTION_VERSION"),
		"invokedFunctionArn":    header("lambda-runtime-invoked-function-arn"),
		"memoryLimitInMB":       variable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"),
		"awsRequestId":          header("lambda-runtime-aws-request-id"),
		"logGroupName":          variable("AWS_LAMBDA_LOG_GROUP_NAME"),
		"logStreamName":         variable("AWS_LAMBDA_LOG_STREAM_NAME"),
		"remainingTimeInMillis": math.Floor(deadline) - float64(time.Now().UnixMilli()),
		"clientContext":         clientContext(object([]byte(c.headers["lambda-runtime-client-context"]))),
		"identity":              identity(object([]byte(c.headers["lambda-runtime-cognito-identity"]))),
	}
}

func clientContext(given map[string]json.RawMessage) any {
	if given == nil {
		return nil
	}
	return map[string]any{"custom": either(given["custom"], given["Custom"]), "env": either(given["env"], given["Env"])}
}

func identity(given map[string]json.RawMessage) any {
	if textOf(given["cognitoIdentityId"]) == "" {
		return nil
	}
	return map[string]any{
		"cognitoIdentityId":     given["cognitoIdentityId"],
		"cognitoIdentityPoolId": either(given["cognitoIdentityPoolId"], nil),
	}
}

func either(first, second json.RawMessage) any {
	for _, one := range []json.RawMessage{first, second} {
		if one != nil && string(one) != "null" {
			return one
		}
	}
	return nil
}

// filesBelow lists the package, or a folder, by relative paths; nothing where there is no such folder.
func filesBelow(argument json.RawMessage) any {
	var root string
	if json.Unmarshal(argument, &root) != nil {
		root = os.Getenv("LAMBDA_TASK_ROOT")
		if root == "" {
			root, _ = os.Getwd()
		}
	}
	found := []string{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		relative, _ := filepath.Rel(root, path)
		found = append(found, relative)
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return failure(err)
	}
	sort.Strings(found)
	return found[:min(len(found), mostFiles)]
}

func write(argument json.RawMessage) any {
	target := struct{ Path, Text string }{textOf(argument), "lambdacheck"}
	json.Unmarshal(argument, &target)
	if err := os.WriteFile(target.Path, []byte(target.Text), 0o666); err != nil {
		return failure(err)
	}
	return true
}

func read(path string) any {
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return failure(err)
	}
	return string(content)
}

func callRuntimeApi(argument json.RawMessage) any {
	var wanted struct {
		Method, Path string
		Headers      map[string]string
		Body         json.RawMessage
	}
	json.Unmarshal(argument, &wanted)
	if wanted.Method == "" {
		wanted.Method = "GET"
	}
	body := []byte{}
	if wanted.Body != nil && string(wanted.Body) != "null" {
		body = []byte(bodyText(wanted.Body))
	}
	found, err := send(os.Getenv("AWS_LAMBDA_RUNTIME_API"), wanted.Method, wanted.Path, wanted.Headers, body, 5*time.Second)
	if err != nil {
		return failure(err)
	}
	text := []rune(string(found.body))
	return map[string]any{"status": found.status, "headers": found.headers, "body": string(text[:min(len(text), mostBody)])}
}

// failure gives the code of an error, as Node.js and Python have it.
func failure(err error) any {
	var number syscall.Errno
	if errors.As(err, &number) {
		if name, known := errorCodes[number]; known {
			return map[string]any{"error": name}
		}
		return map[string]any{"error": fmt.Sprintf("errno %d", int(number))}
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return map[string]any{"error": "ETIMEDOUT"}
	}
	return map[string]any{"error": err.Error()}
}

var errorCodes = map[syscall.Errno]string{
	syscall.EACCES: "EACCES", syscall.ECONNREFUSED: "ECONNREFUSED", syscall.ECONNRESET: "ECONNRESET", syscall.EDQUOT: "EDQUOT",
	syscall.EEXIST: "EEXIST", syscall.EFBIG: "EFBIG", syscall.EINVAL: "EINVAL", syscall.EIO: "EIO", syscall.EISDIR: "EISDIR",
	syscall.ELOOP: "ELOOP", syscall.EMFILE: "EMFILE", syscall.ENAMETOOLONG: "ENAMETOOLONG", syscall.ENOENT: "ENOENT",
	syscall.ENOSPC: "ENOSPC", syscall.ENOTDIR: "ENOTDIR", syscall.EPERM: "EPERM", syscall.EPIPE: "EPIPE", syscall.EROFS: "EROFS",
	syscall.ETIMEDOUT: "ETIMEDOUT",
}

// object gives the members of a JSON object; nil for anything else.
func object(text json.RawMessage) map[string]json.RawMessage {
	var members map[string]json.RawMessage
	if json.Unmarshal(text, &members) != nil {
		return nil
	}
	return members
}

// textOf gives a JSON text as it stands; empty for anything else.
func textOf(text json.RawMessage) string {
	var found string
	json.Unmarshal(text, &found)
	return found
}

func randomHex(size int) string {
	random := make([]byte, size)
	rand.Read(random)
	return hex.EncodeToString(random)
}
