package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

// A message may have 256 KB; of larger events only their size is told.
const mostTold = 200000

const queueWait = 4 * time.Second

// journal tells a queue what the function was called with: functions called by a mapping answer nobody. The variable
// holds the url of the queue and, after a blank, that of the endpoint, where another way to the queue is wanted.
func journal(event []byte, headers map[string]string) error {
	queue, endpoint, _ := strings.Cut(os.Getenv("LAMBDACHECK_JOURNAL"), " ")
	if queue == "" {
		return nil
	}
	var compact bytes.Buffer
	json.Compact(&compact, event)
	entry := map[string]any{
		"at":        time.Now().UnixMilli(),
		"id":        randomHex(8),
		"requestId": headers["lambda-runtime-aws-request-id"],
		"arn":       headers["lambda-runtime-invoked-function-arn"],
		"bytes":     compact.Len(),
	}
	if compact.Len() <= mostTold {
		entry["event"] = json.RawMessage(compact.Bytes())
	}
	_, err := tellQueue(queue, endpoint, string(jsonText(entry)))
	return err
}

// tellQueue gives the status of the first answer of the places where the queue may be.
func tellQueue(queue, endpoint, text string) (any, error) {
	trouble := errors.New("no place is known")
	for _, place := range []string{os.Getenv("AWS_ENDPOINT_URL_SQS"), os.Getenv("AWS_ENDPOINT_URL"), queue, endpoint} {
		if place == "" {
			continue
		}
		if trouble = toPlace(place, queue, text); trouble == nil {
			return 200, nil
		}
	}
	return nil, thrown{"JournalUnreachable", trouble.Error()}
}

func toPlace(place, queue, text string) error {
	at, err := url.Parse(place)
	if err != nil {
		return err
	}
	if at.Scheme != "http" {
		return errors.New(place + ": this flavour speaks http alone")
	}
	address := at.Host
	if at.Port() == "" {
		address += ":80"
	}
	found, err := sendMessage(address, at.Host, queue, text, queueWait)
	if err == nil && found.status != 200 {
		err = errors.New(at.Host + " answered " + strconv.Itoa(found.status))
	}
	return err
}
