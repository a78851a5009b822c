package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"time"
)

type step map[string]json.RawMessage

// process is what steps know of the process that runs them.
type process struct {
	name string
	tell func(map[string]any)
	// Placeholders in paths, headers and bodies: {requestId}, {id}, {port}.
	words map[string]string
	// Requests that were sent without waiting for them.
	pending []chan any
	// What its steps have reported.
	reports map[string]any
}

func newProcess(name string) *process {
	return &process{name: name, tell: teller(name), words: map[string]string{"name": name}, reports: map[string]any{}}
}

// beside gives a process for steps that run at the same time.
func (p *process) beside() *process {
	other := newProcess(p.name)
	for name, word := range p.words {
		other.words[name] = word
	}
	return other
}

type request struct {
	Method  string            `json:"method"`
	Path    string            `json:"path"`
	Headers map[string]string `json:"headers"`
	Body    json.RawMessage   `json:"body"`
	// Instead of a body: a JSON text of so many bytes.
	Bytes int `json:"bytes"`
	// Milliseconds; 0 waits for ever.
	Wait int `json:"wait"`
	// The report comes with that of a later step `join`.
	Background bool `json:"background"`
}

// run does the steps one after the other. Their reports are by the name that `as` gives them, else by that of the step.
func (p *process) run(steps []step) map[string]any {
	reports := map[string]any{}
	for _, one := range steps {
		name, found := p.runOne(one)
		reports[name] = found
	}
	return reports
}

func (p *process) runOne(one step) (string, any) {
	for name, argument := range one {
		if name == "as" {
			continue
		}
		called := name
		json.Unmarshal(one["as"], &called)
		found := p.do(name, argument)
		p.reports[called] = found
		return called, found
	}
	return "nothing", nil
}

func (p *process) do(name string, argument json.RawMessage) any {
	text := func() string {
		var found string
		json.Unmarshal(argument, &found)
		return p.fill(found)
	}
	number := func() int {
		var found int
		json.Unmarshal(argument, &found)
		return found
	}
	switch name {
	case "request":
		return p.request(argument)
	case "join":
		reports := []any{}
		for _, one := range p.pending {
			reports = append(reports, <-one)
		}
		p.pending = nil
		return reports
	case "register":
		return p.register(argument)
	case "attend":
		go p.beside().attend(nil, nil)
		return true
	case "listen":
		var of listener
		json.Unmarshal(argument, &of)
		port, err := listen(of, p.tell)
		if err != nil {
			return map[string]any{"error": err.Error()}
		}
		p.words["port"] = strconv.Itoa(port)
		return map[string]any{"port": port}
	case "subscribe":
		return p.subscribe(argument)
	case "exitIf":
		if path := temporary(text()); os.Remove(path) == nil {
			os.Exit(1)
		}
		return false
	case "sleep":
		time.Sleep(time.Duration(number()) * time.Millisecond)
		return nil
	case "busy":
		for end := time.Now().Add(time.Duration(number()) * time.Millisecond); time.Now().Before(end); {
		}
		return nil
	case "exit":
		os.Exit(number())
	case "log":
		os.Stdout.WriteString(text() + "\n")
		return nil
	case "logError":
		os.Stderr.WriteString(text() + "\n")
		return nil
	case "fill":
		return fillLog(argument)
	case "env":
		return environment(argument, "set")
	case "digest":
		return digest(argument)
	case "read":
		found, err := os.ReadFile(text())
		return outcome(string(found), err)
	case "write":
		var of struct{ Path, Text string }
		json.Unmarshal(argument, &of)
		return outcome(true, os.WriteFile(temporary(p.fill(of.Path)), []byte(of.Text), 0o644))
	case "files":
		return files(text())
	case "once":
		return p.once(argument)
	case "told":
		return told()
	case "await":
		var of struct {
			Of, Has string
			Ms      int
		}
		json.Unmarshal(argument, &of)
		return awaits(of.Of, p.fill(of.Has), of.Ms)
	case "send":
		return p.toQueue(argument)
	case "clock":
		return time.Now().UnixMilli()
	case "process":
		folder, _ := os.Getwd()
		return map[string]any{"pid": os.Getpid(), "folder": folder, "temporary": os.TempDir(), "user": os.Getuid()}
	}
	return map[string]any{"error": "the probe knows no step " + name}
}

// once does its steps only where they have not been done since the environment was made: /tmp remembers.
func (p *process) once(argument json.RawMessage) any {
	marker := filepath.Join(os.TempDir(), "lambdacheck-once-"+p.name)
	if _, err := os.Stat(marker); err == nil {
		return false
	}
	os.WriteFile(marker, nil, 0o644)
	var steps []step
	json.Unmarshal(argument, &steps)
	p.tellAll(steps)
	return true
}

func temporary(path string) string {
	if strings.HasPrefix(path, "/") {
		return path
	}
	return filepath.Join(os.TempDir(), path)
}

// fillLog writes so many lines of so many bytes.
func fillLog(argument json.RawMessage) any {
	var of struct{ Lines, Bytes int }
	json.Unmarshal(argument, &of)
	for at := 0; at < of.Lines; at++ {
		line := fmt.Sprintf("%06d ", at)
		os.Stdout.WriteString(line + strings.Repeat("x", max(0, of.Bytes-len(line)-1)) + "\n")
	}
	return of.Lines
}

func (p *process) request(argument json.RawMessage) any {
	var of request
	if err := json.Unmarshal(argument, &of); err != nil {
		return map[string]any{"error": err.Error()}
	}
	if !of.Background {
		return p.ask(of)
	}
	done := make(chan any, 1)
	p.pending = append(p.pending, done)
	go func() { done <- p.ask(of) }()
	return nil
}

func (p *process) ask(of request) any {
	headers := map[string]string{}
	for name, one := range of.Headers {
		headers[name] = p.fill(one)
	}
	body := []byte(p.fill(bodyText(of.Body)))
	if of.Bytes > 0 {
		body = []byte(`"` + strings.Repeat("x", of.Bytes-2) + `"`)
	}
	method := of.Method
	if method == "" {
		method = "GET"
	}
	begun := time.Now()
	found, err := send(os.Getenv("AWS_LAMBDA_RUNTIME_API"), method, p.fill(of.Path), headers, body, time.Duration(of.Wait)*time.Millisecond)
	// Who registers by a request of his own has an identifier too.
	if id := found.headers["lambda-extension-identifier"]; strings.HasSuffix(of.Path, "/register") && id != "" && !of.Background {
		p.words["id"] = id
	}
	return report(found, err, begun)
}

// bodyText gives a text as it stands, and anything else as JSON.
func bodyText(body json.RawMessage) string {
	var text string
	if json.Unmarshal(body, &text) == nil {
		return text
	}
	return string(body)
}

func report(found answer, err error, begun time.Time) map[string]any {
	ms := time.Since(begun).Milliseconds()
	if err != nil {
		return map[string]any{"error": err.Error(), "ms": ms}
	}
	return map[string]any{"status": found.status, "headers": found.headers, "body": value(found.body), "ms": ms}
}

func (p *process) fill(text string) string {
	for name, word := range p.words {
		text = strings.ReplaceAll(text, "{"+name+"}", word)
	}
	return text
}

func outcome(value any, err error) any {
	if err != nil {
		return map[string]any{"error": err.Error()}
	}
	return value
}

// environment gives variables by name, null where there is none. Of credentials it gives a word that says that they are set.
func environment(argument json.RawMessage, hidden string) any {
	var names []string
	if json.Unmarshal(argument, &names) != nil {
		for _, one := range os.Environ() {
			names = append(names, strings.SplitN(one, "=", 2)[0])
		}
	}
	found := map[string]any{}
	for _, name := range names {
		if set, is := os.LookupEnv(name); !is {
			found[name] = nil
		} else if strings.HasPrefix(name, "AWS_ACCESS_KEY") || strings.HasPrefix(name, "AWS_SECRET") || name == "AWS_SESSION_TOKEN" {
			found[name] = hidden
		} else {
			found[name] = set
		}
	}
	return found
}

// digest tells variables apart without telling them.
func digest(argument json.RawMessage) any {
	var names []string
	json.Unmarshal(argument, &names)
	whole := ""
	for _, name := range names {
		whole += os.Getenv(name) + "\n"
	}
	return hash([]byte(whole))[:16]
}

func files(folder string) []string {
	found := []string{}
	entries, _ := os.ReadDir(folder)
	for _, one := range entries {
		found = append(found, one.Name())
	}
	sort.Strings(found)
	return found
}
