package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"os"
	"strings"
	"time"
)

// toQueue sends a message to an SQS queue: {queue: URL, body}. Without a body it is the last event with the name of the
// extension, and what its steps have reported.
func (p *process) toQueue(argument json.RawMessage) any {
	var of struct {
		Queue string          `json:"queue"`
		Body  json.RawMessage `json:"body"`
	}
	json.Unmarshal(argument, &of)
	text := p.fill(bodyText(of.Body))
	if of.Body == nil {
		whole, _ := json.Marshal(map[string]any{"name": p.name, "event": value([]byte(p.words["event"])), "reports": p.reports})
		text = string(whole)
	}
	queue, err := url.Parse(of.Queue)
	if err != nil {
		return map[string]any{"error": err.Error()}
	}
	// Emulators say where they are to be reached from inside.
	if inside, err := url.Parse(os.Getenv("AWS_ENDPOINT_URL")); err == nil && inside.Host != "" {
		queue.Host = inside.Host
	}
	begun := time.Now()
	found, err := sendMessage(queue.Host, queue.Host, of.Queue, text, 3*time.Second)
	return report(found, err, begun)
}

// sendMessage sends a text to a queue, by the service that listens at the address and calls itself by the host.
func sendMessage(address, host, queue, text string, wait time.Duration) (answer, error) {
	body := jsonText(map[string]any{"QueueUrl": queue, "MessageBody": text})
	return send(address, "POST", "/", signed(host, body, time.Now().UTC()), body, wait)
}

// signed gives the headers of a request to SQS, signed with version 4 by the role's credentials.
func signed(host string, body []byte, now time.Time) map[string]string {
	region, day, moment := os.Getenv("AWS_REGION"), now.Format("20060102"), now.Format("20060102T150405Z")
	if region == "" {
		region = os.Getenv("AWS_DEFAULT_REGION")
	}
	headers := map[string]string{
		"content-type": "application/x-amz-json-1.0",
		"host":         host,
		"x-amz-date":   moment,
		"x-amz-target": "AmazonSQS.SendMessage",
	}
	names := []string{"content-type", "host", "x-amz-date", "x-amz-target"}
	if token := os.Getenv("AWS_SESSION_TOKEN"); token != "" {
		headers["x-amz-security-token"] = token
		names = []string{"content-type", "host", "x-amz-date", "x-amz-security-token", "x-amz-target"}
	}
	canonical := "POST\n/\n\n"
	for _, name := range names {
		canonical += name + ":" + headers[name] + "\n"
	}
	canonical += "\n" + strings.Join(names, ";") + "\n" + hash(body)
	scope := day + "/" + region + "/sqs/aws4_request"
	key := []byte("AWS4" + os.Getenv("AWS_SECRET_ACCESS_KEY"))
	for _, word := range []string{day, region, "sqs", "aws4_request"} {
		key = mac(key, word)
	}
	signature := hex.EncodeToString(mac(key, "AWS4-HMAC-SHA256\n"+moment+"\n"+scope+"\n"+hash([]byte(canonical))))
	headers["authorization"] = "AWS4-HMAC-SHA256 Credential=" + os.Getenv("AWS_ACCESS_KEY_ID") + "/" + scope +
		", SignedHeaders=" + strings.Join(names, ";") + ", Signature=" + signature
	return headers
}

func hash(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func mac(key []byte, text string) []byte {
	one := hmac.New(sha256.New, key)
	one.Write([]byte(text))
	return one.Sum(nil)
}
