package main

import (
	"encoding/json"
	"os"
	"strconv"
	"time"
)

// subscribe asks for logs: the argument is the body of the request. A null takes a member out; what is not there of `destination` is a
// listener of ours, by HTTP, or by TCP where `protocol` says so. `statuses` are those with which the listener answers first.
func (p *process) subscribe(argument json.RawMessage) any {
	of := struct {
		Protocol string `json:"protocol"`
		Path     string `json:"path"`
		Method   string `json:"method"`
		Statuses []int  `json:"statuses"`
	}{}
	json.Unmarshal(argument, &of)
	body := map[string]any{}
	json.Unmarshal(argument, &body)
	for _, name := range []string{"protocol", "path", "method", "statuses"} {
		delete(body, name)
	}
	if _, known := p.words["port"]; !known {
		port, err := listen(listener{Protocol: of.Protocol, Statuses: of.Statuses}, p.tell)
		if err != nil {
			return map[string]any{"error": err.Error()}
		}
		p.words["port"] = strconv.Itoa(port)
	}
	if given, is := body["destination"]; is && given == nil {
		delete(body, "destination")
	} else if !is && of.Protocol == "TCP" {
		port, _ := strconv.Atoi(p.words["port"])
		body["destination"] = map[string]any{"protocol": "TCP", "port": port}
	} else if !is {
		destination := map[string]any{"protocol": "HTTP", "URI": "http://sandbox.localdomain:" + p.words["port"] + of.Path}
		if of.Method != "" {
			destination["method"] = of.Method
		}
		body["destination"] = destination
	}
	text, _ := json.Marshal(body)
	headers := map[string]string{"Lambda-Extension-Identifier": p.words["id"], "Content-Type": "application/json"}
	begun := time.Now()
	found, err := send(os.Getenv("AWS_LAMBDA_RUNTIME_API"), "PUT", "/2020-08-15/logs", headers, []byte(p.fill(string(text))), 5*time.Second)
	return report(found, err, begun)
}
