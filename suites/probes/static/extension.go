package main

import (
	"encoding/json"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

const extensionApi = "/2020-01-01/extension"

// life is what an extension does, and when.
type life struct {
	// Before the first event; registers for both events when absent.
	Start    []step `json:"start"`
	Invoke   []step `json:"invoke"`
	Shutdown []step `json:"shutdown"`
	// Does not ask for events.
	Idle bool `json:"idle"`
}

func runExtension(name string) {
	p := newProcess(name)
	lives := map[string]life{}
	if err := json.Unmarshal(variable("PROBE_EXTENSIONS", "{}"), &lives); err != nil {
		p.tell(map[string]any{"error": err.Error()})
		os.Exit(1)
	}
	own := lives[name]
	if own.Start == nil {
		own.Start = []step{{"register": json.RawMessage(`["INVOKE","SHUTDOWN"]`)}}
	}
	tellSignals(p, nil)
	p.tell(map[string]any{"started": os.Getpid()})
	p.tellAll(own.Start)
	if own.Idle {
		select {}
	}
	p.attend(own.Invoke, own.Shutdown)
	os.Exit(0)
}

// tellAll tells of each step when it is done: the next one may be the last.
func (p *process) tellAll(steps []step) {
	for _, one := range steps {
		name, found := p.runOne(one)
		p.tell(map[string]any{"report": found, "as": name})
	}
}

// tellSignals tells that the process was asked to end. With `onEnd` it does these steps then, and ends.
func tellSignals(p *process, onEnd []step) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	go func() {
		for range signals {
			p.tell(map[string]any{"signal": "SIGTERM"})
			if onEnd != nil {
				p.beside().tellAll(onEnd)
				os.Exit(0)
			}
		}
	}()
}

// register registers: the argument is the list of events, or {name, events, headers, body}.
func (p *process) register(argument json.RawMessage) any {
	of := struct {
		Name    string            `json:"name"`
		Events  []string          `json:"events"`
		Headers map[string]string `json:"headers"`
	}{Name: p.name}
	if json.Unmarshal(argument, &of.Events) != nil {
		json.Unmarshal(argument, &of)
	}
	body, _ := json.Marshal(map[string]any{"events": of.Events})
	headers := map[string]string{"Lambda-Extension-Name": of.Name, "Content-Type": "application/json"}
	for name, one := range of.Headers {
		headers[name] = one
	}
	begun := time.Now()
	found, err := send(os.Getenv("AWS_LAMBDA_RUNTIME_API"), "POST", extensionApi+"/register", headers, body, 0)
	if err == nil && found.headers["lambda-extension-identifier"] != "" {
		p.words["id"] = found.headers["lambda-extension-identifier"]
	}
	return report(found, err, begun)
}

// attend asks for events and tells them until the environment ends.
func (p *process) attend(onInvoke, onShutdown []step) {
	headers := map[string]string{"Lambda-Extension-Identifier": p.words["id"]}
	for {
		begun := time.Now()
		found, err := send(os.Getenv("AWS_LAMBDA_RUNTIME_API"), "GET", extensionApi+"/event/next", headers, nil, 0)
		if err != nil || found.status != 200 {
			p.tell(map[string]any{"refused": report(found, err, begun)})
			return
		}
		event := struct {
			EventType, RequestId string
			DeadlineMs           int64
		}{}
		json.Unmarshal(found.body, &event)
		p.tell(map[string]any{
			"event": value(found.body), "headers": found.headers, "left": event.DeadlineMs - time.Now().UnixMilli(),
			// As text, as the runtime gets it.
			"deadline": strconv.FormatInt(event.DeadlineMs, 10),
		})
		p.words["requestId"] = event.RequestId
		p.words["event"] = string(found.body)
		if event.EventType == "SHUTDOWN" {
			p.tellAll(onShutdown)
			return
		}
		p.tellAll(onInvoke)
	}
}
