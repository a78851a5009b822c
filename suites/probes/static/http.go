package main

import (
	"bufio"
	"errors"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// answer is what came back from a request, with lower-case names of headers.
type answer struct {
	status  int
	headers map[string]string
	body    []byte
}

// send writes one HTTP/1.1 request as it is given, nothing corrected, and reads the answer. A wait of zero has no end.
func send(address, method, path string, headers map[string]string, body []byte, wait time.Duration) (answer, error) {
	connection, err := net.Dial("tcp", address)
	if err != nil {
		return answer{}, err
	}
	defer connection.Close()
	if wait > 0 {
		connection.SetDeadline(time.Now().Add(wait))
	}
	var head strings.Builder
	head.WriteString(method + " " + path + " HTTP/1.1\r\n")
	if !has(headers, "host") {
		head.WriteString("Host: " + address + "\r\n")
	}
	for name, value := range headers {
		head.WriteString(name + ": " + value + "\r\n")
	}
	if (method != "GET" || len(body) > 0) && !has(headers, "content-length") {
		head.WriteString("Content-Length: " + strconv.Itoa(len(body)) + "\r\n")
	}
	head.WriteString("Connection: close\r\n\r\n")
	// A server may answer before it has read all: what cannot be written then does not matter.
	go func() {
		io.WriteString(connection, head.String())
		connection.Write(body)
	}()
	return readAnswer(bufio.NewReader(connection))
}

func has(headers map[string]string, name string) bool {
	for one := range headers {
		if strings.EqualFold(one, name) {
			return true
		}
	}
	return false
}

func readAnswer(reader *bufio.Reader) (answer, error) {
	line, err := reader.ReadString('\n')
	if err != nil {
		return answer{}, err
	}
	words := strings.SplitN(strings.TrimSpace(line), " ", 3)
	if len(words) < 2 {
		return answer{}, errors.New("no status line: " + line)
	}
	status, err := strconv.Atoi(words[1])
	if err != nil {
		return answer{}, err
	}
	headers, err := readHeaders(reader)
	if err != nil {
		return answer{}, err
	}
	body, err := readBody(reader, headers, true)
	return answer{status, headers, body}, err
}

func readHeaders(reader *bufio.Reader) (map[string]string, error) {
	headers := map[string]string{}
	for {
		line, err := reader.ReadString('\n')
		if err != nil {
			return headers, err
		}
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			return headers, nil
		}
		name, value, _ := strings.Cut(line, ":")
		headers[strings.ToLower(strings.TrimSpace(name))] = strings.TrimSpace(value)
	}
}

func readBody(reader *bufio.Reader, headers map[string]string, untilEnd bool) ([]byte, error) {
	if strings.Contains(strings.ToLower(headers["transfer-encoding"]), "chunked") {
		return readChunks(reader)
	}
	if length, err := strconv.Atoi(headers["content-length"]); err == nil {
		body := make([]byte, length)
		_, err = io.ReadFull(reader, body)
		return body, err
	}
	if !untilEnd {
		return nil, nil
	}
	return io.ReadAll(reader)
}

func readChunks(reader *bufio.Reader) ([]byte, error) {
	var body []byte
	for {
		line, err := reader.ReadString('\n')
		if err != nil {
			return body, err
		}
		size, err := strconv.ParseInt(strings.TrimSpace(strings.SplitN(line, ";", 2)[0]), 16, 32)
		if err != nil {
			return body, err
		}
		chunk := make([]byte, size+2)
		if _, err = io.ReadFull(reader, chunk); err != nil {
			return body, err
		}
		if size == 0 {
			return body, nil
		}
		body = append(body, chunk[:size]...)
	}
}
