package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// What a process of the environment tells stays in a file of its own, so that the runtime can report it and a reset does not lose it.
var tellLock sync.Mutex

func toldFile(name string) string {
	return filepath.Join(os.TempDir(), "lambdacheck-told-"+name+".jsonl")
}

func teller(name string) func(map[string]any) {
	return func(record map[string]any) {
		tellLock.Lock()
		defer tellLock.Unlock()
		record["at"] = time.Now().UnixMilli()
		line, err := json.Marshal(record)
		if err != nil {
			return
		}
		file, err := os.OpenFile(toldFile(name), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
		if err != nil {
			return
		}
		defer file.Close()
		file.Write(append(line, '\n'))
	}
}

// account is what one process has told, by kind and in its order.
type account struct {
	Started int            `json:"started"`
	Reports map[string]any `json:"reports"`
	Events  []any          `json:"events"`
	// The latest event.
	Last any              `json:"last,omitempty"`
	Logs map[string][]any `json:"logs"`
	// The types of the records, in the order of their delivery, with blanks between them.
	Order      string `json:"order"`
	Deliveries []any  `json:"deliveries"`
	Signals    []any  `json:"signals"`
	Refused    any    `json:"refused,omitempty"`
	Error      any    `json:"error,omitempty"`
}

// told gives everything that all processes have told, by their names.
func told() map[string]*account {
	all := map[string]*account{}
	files, _ := filepath.Glob(toldFile("*"))
	for _, file := range files {
		name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(file), "lambdacheck-told-"), ".jsonl")
		text, _ := os.ReadFile(file)
		one := &account{Reports: map[string]any{}, Events: []any{}, Logs: map[string][]any{}, Deliveries: []any{}, Signals: []any{}}
		all[name] = one
		for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
			if record, is := value([]byte(line)).(map[string]any); is {
				one.add(record)
			}
		}
	}
	return all
}

func (a *account) add(record map[string]any) {
	if report, is := record["report"]; is {
		name, _ := record["as"].(string)
		a.Reports[name] = report
		return
	}
	if log, is := record["log"].(map[string]any); is {
		kind, _ := log["type"].(string)
		a.Logs[kind] = append(a.Logs[kind], log)
		a.Order = strings.TrimSpace(a.Order + " " + kind)
		return
	}
	if _, is := record["event"]; is {
		a.Events = append(a.Events, record)
		a.Last = record
	} else if delivery, is := record["delivery"]; is {
		a.Deliveries = append(a.Deliveries, delivery)
	} else if signal, is := record["signal"]; is {
		a.Signals = append(a.Signals, signal)
	} else if refused, is := record["refused"]; is {
		a.Refused = refused
	} else if _, is := record["started"]; is {
		a.Started++
	} else if wrong, is := record["error"]; is {
		a.Error = wrong
	}
}

// awaits waits until a process has told something that holds the text. False when the time is up.
func awaits(name, text string, ms int) bool {
	for end := time.Now().Add(time.Duration(ms) * time.Millisecond); ; time.Sleep(5 * time.Millisecond) {
		if known, _ := os.ReadFile(toldFile(name)); strings.Contains(string(known), text) {
			return true
		}
		if time.Now().After(end) {
			return false
		}
	}
}

// value gives JSON as what it says, and anything else as text.
func value(text []byte) any {
	var parsed any
	if len(text) > 0 && json.Unmarshal(text, &parsed) == nil {
		return parsed
	}
	return string(text)
}
