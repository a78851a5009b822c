package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"strconv"
	"strings"
	"time"
)

const runtimeApi = "/2018-06-01/runtime"

// script is what the runtime does with one event; an event that has none is given back.
type script struct {
	// Before the answer.
	Before []step `json:"before"`
	// Instead of the answer.
	Instead []step `json:"instead"`
	// After the answer. What it and `instead` report comes with the next event.
	After []step `json:"after"`
	// Instead of the report.
	Answer json.RawMessage `json:"answer"`
}

func runRuntime() {
	p := newProcess("runtime")
	var before, onEnd []step
	if err := json.Unmarshal(variable("PROBE_INIT", "[]"), &before); err != nil {
		os.Stderr.WriteString("PROBE_INIT: " + err.Error() + "\n")
		os.Exit(1)
	}
	json.Unmarshal(variable("PROBE_END", "[]"), &onEnd)
	tellSignals(p, onEnd)
	p.tell(map[string]any{"started": os.Getpid()})
	initial := p.run(before)
	last := map[string]any{}
	for {
		begun := time.Now()
		next, err := send(os.Getenv("AWS_LAMBDA_RUNTIME_API"), "GET", runtimeApi+"/invocation/next", nil, nil, 0)
		if err != nil || next.status != 200 {
			os.Stderr.WriteString("next was refused\n")
			os.Exit(1)
		}
		p.words["requestId"] = next.headers["lambda-runtime-aws-request-id"]
		event := struct {
			Script *script `json:"runtime"`
		}{}
		if json.Unmarshal(next.body, &event) != nil || event.Script == nil {
			p.answer(next)
			continue
		}
		of := *event.Script
		received := report(next, nil, begun)
		delete(received, "body")
		if deadline, err := strconv.ParseInt(next.headers["lambda-runtime-deadline-ms"], 10, 64); err == nil {
			received["left"] = deadline - time.Now().UnixMilli()
		}
		reports := p.run(of.Before)
		body, _ := json.Marshal(map[string]any{"next": received, "init": initial, "last": last, "reports": reports})
		last = map[string]any{}
		if of.Answer != nil {
			body = []byte(bodyText(of.Answer))
		}
		if of.Instead != nil {
			last = p.run(of.Instead)
		} else {
			p.respond(body)
		}
		for name, found := range p.run(of.After) {
			last[name] = found
		}
	}
}

// answer does what an event without a script asks for, as the other flavours of the probe do.
func (p *process) answer(next answer) {
	if trace := next.headers["lambda-runtime-trace-id"]; trace != "" {
		os.Setenv("_X_AMZN_TRACE_ID", trace)
	} else {
		os.Unsetenv("_X_AMZN_TRACE_ID")
	}
	body, err := handle(next.body, next.headers)
	if err == nil {
		p.respond(body)
		return
	}
	var of thrown
	if !errors.As(err, &of) {
		of = thrown{"ProbeError", err.Error()}
	}
	path := runtimeApi + "/invocation/" + p.words["requestId"] + "/error"
	headers := map[string]string{"Lambda-Runtime-Function-Error-Type": printable(of.name), "Content-Type": "application/json"}
	report := map[string]any{"errorType": of.name, "errorMessage": of.message, "stackTrace": []string{}}
	send(os.Getenv("AWS_LAMBDA_RUNTIME_API"), "POST", path, headers, jsonText(report), 0)
}

// printable makes a name fit for a header.
func printable(name string) string {
	return strings.Map(func(one rune) rune {
		if one < ' ' || one > '~' {
			return '?'
		}
		return one
	}, name)
}

// jsonText gives the JSON of a value, its characters as they are.
func jsonText(value any) []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.Encode(value)
	return bytes.TrimSuffix(text.Bytes(), []byte("\n"))
}

func (p *process) respond(body []byte) {
	path := runtimeApi + "/invocation/" + p.words["requestId"] + "/response"
	send(os.Getenv("AWS_LAMBDA_RUNTIME_API"), "POST", path, nil, body, 0)
}
