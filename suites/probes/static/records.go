package main

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"
)

// carried is a program with the record of a queue or stream that carries it; the record of an event's own program is nil.
type carried struct {
	program []json.RawMessage
	record  map[string]json.RawMessage
	// What `batchItemFailures` calls the record.
	id any
}

// handle gives the answer to an event: that of its programs, or the event itself when it has none.
func handle(text []byte, headers map[string]string) ([]byte, error) {
	event := object(text)
	records, isBatch := list(event["Records"])
	if isBatch {
		if err := journal(text, headers); err != nil {
			return nil, err
		}
	}
	programs := programsOf(event)
	if programs == nil {
		// A batch may be larger than an answer.
		if len(text) == 0 || isBatch && os.Getenv("LAMBDACHECK_JOURNAL") != "" {
			return []byte("null"), nil
		}
		return text, nil
	}
	c := call{headers: headers, results: []any{}, failures: []any{}, state: object(event["state"])}
	if c.state == nil {
		c.state = map[string]json.RawMessage{}
	}
	for _, one := range programs {
		ended, err := c.do(one.program, one)
		if err != nil {
			return nil, err
		}
		if ended != nil {
			return ended.body, nil
		}
	}
	if isBatch && object(event["window"]) != nil {
		return jsonText(map[string]any{"state": c.counting(len(records)), "batchItemFailures": c.failures}), nil
	}
	if len(c.failures) > 0 {
		return jsonText(map[string]any{"batchItemFailures": c.failures}), nil
	}
	return jsonText(map[string]any{"results": c.results}), nil
}

// counting gives the state of a window with the number of its records so far.
func (c *call) counting(records int) map[string]json.RawMessage {
	var before int
	json.Unmarshal(c.state["count"], &before)
	c.state["count"] = json.RawMessage(strconv.Itoa(before + records))
	return c.state
}

// programsOf gives the event's own program, or those that the records of a queue or stream carry; nil when there is none.
func programsOf(event map[string]json.RawMessage) []carried {
	if program, is := list(event["do"]); is {
		return []carried{{program: program}}
	}
	records, is := list(event["Records"])
	if !is {
		return nil
	}
	var programs []carried
	for _, one := range records {
		record := object(one)
		if program, is := programIn(record); is {
			programs = append(programs, carried{program, record, identifierOf(record)})
		}
	}
	window := object(event["window"])
	if window == nil {
		return programs
	}
	if programs == nil {
		programs = []carried{}
	}
	if last, is := list(object(event["state"])["finally"]); is && string(event["isFinalInvokeForWindow"]) == "true" {
		programs = append(programs, carried{last, nil, window["start"]})
	}
	return programs
}

// identifierOf gives what `batchItemFailures` calls a record.
func identifierOf(record map[string]json.RawMessage) any {
	id := record["messageId"]
	if kinesis := object(record["kinesis"]); kinesis != nil {
		id = kinesis["sequenceNumber"]
	} else if changed := object(record["dynamodb"]); changed != nil {
		id = changed["SequenceNumber"]
	}
	if id == nil {
		return nil
	}
	return id
}

func programIn(record map[string]json.RawMessage) ([]json.RawMessage, bool) {
	return list(object([]byte(textIn(record)))["do"])
}

func textIn(record map[string]json.RawMessage) string {
	if kinesis := object(record["kinesis"]); kinesis != nil {
		data, _ := base64.StdEncoding.DecodeString(textOf(kinesis["data"]))
		return string(data)
	}
	changed := object(record["dynamodb"])
	if changed == nil {
		return textOf(record["body"])
	}
	for _, image := range []string{"NewImage", "OldImage", "Keys"} {
		if item := object(changed[image]); item != nil {
			return textOf(object(item["program"])["S"])
		}
	}
	return ""
}

// isFirst: environments come and go, but the queue itself counts, and records of streams have an age.
func (of carried) isFirst(times, seconds float64) bool {
	if of.record == nil {
		return float64(counted("first "+string(jsonText(of.id)))) <= times
	}
	since := object(of.record["kinesis"])["approximateArrivalTimestamp"]
	if since == nil {
		since = object(of.record["dynamodb"])["ApproximateCreationDateTime"]
	}
	if since != nil {
		var at float64
		json.Unmarshal(since, &at)
		return float64(time.Now().UnixMilli())/1000-at < seconds
	}
	received, err := strconv.ParseFloat(textOf(object(of.record["attributes"])["ApproximateReceiveCount"]), 64)
	return err == nil && received <= times
}

// check compares what the record has at each path with a pattern that must match as a whole.
func (of carried) check(wanted json.RawMessage) (any, error) {
	wrong := []string{}
	for _, path := range keysInOrder(wanted) {
		pattern, err := regexp.Compile("(?s)^(?:" + textOf(object(wanted)[path]) + ")$")
		if err != nil {
			return nil, probeError(err.Error())
		}
		if found := textAt(of.record, strings.Split(path, ".")); !pattern.MatchString(found) {
			wrong = append(wrong, path+" is "+found)
		}
	}
	if len(wrong) == 0 {
		return true, nil
	}
	message := strings.Join(wrong, "; ")
	if len(findings) < mostFindings {
		findings = append(findings, message)
	}
	return nil, thrown{"UnexpectedRecord", message}
}

// keysInOrder gives the keys of an object as they stand in its text.
func keysInOrder(text json.RawMessage) []string {
	keys := []string{}
	for key := range object(text) {
		keys = append(keys, key)
	}
	place := func(key string) int { return strings.Index(string(text), string(jsonText(key))+":") }
	sort.Slice(keys, func(one, other int) bool { return place(keys[one]) < place(keys[other]) })
	return keys
}

// textAt gives texts as they are, all else as JSON; null for what is not there.
func textAt(record map[string]json.RawMessage, path []string) string {
	value, at := jsonText(record), record
	for _, name := range path {
		value = at[name]
		at = object(value)
	}
	if value == nil {
		return "null"
	}
	var text string
	if json.Unmarshal(value, &text) == nil && string(value) != "null" {
		return text
	}
	return string(jsonText(json.RawMessage(value)))
}

// list gives the elements of a JSON list.
func list(text json.RawMessage) ([]json.RawMessage, bool) {
	var elements []json.RawMessage
	if json.Unmarshal(text, &elements) != nil || elements == nil {
		return nil, false
	}
	return elements, true
}
