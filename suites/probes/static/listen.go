package main

import (
	"bufio"
	"encoding/json"
	"io"
	"net"
	"strconv"
	"sync/atomic"
)

// listener is where a subscriber of the Logs API takes its records.
type listener struct {
	Protocol string `json:"protocol"`
	// Statuses of the first HTTP answers; 200 follows.
	Statuses []int `json:"statuses"`
	// 0: any free port.
	Port int `json:"port"`
}

// listen starts to take records and tells each of them, and every delivery. It gives the port.
func listen(of listener, tell func(map[string]any)) (int, error) {
	server, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(of.Port))
	if err != nil {
		return 0, err
	}
	var answered int32
	go func() {
		for {
			connection, err := server.Accept()
			if err != nil {
				return
			}
			go func() {
				defer connection.Close()
				if of.Protocol == "TCP" {
					takeLines(connection, tell)
				} else {
					takeRequest(connection, of.Statuses, &answered, tell)
				}
			}()
		}
	}()
	return server.Addr().(*net.TCPAddr).Port, nil
}

func takeLines(connection io.Reader, tell func(map[string]any)) {
	reader := bufio.NewReader(connection)
	for {
		line, err := reader.ReadBytes('\n')
		if len(line) > 0 {
			tell(map[string]any{"log": value(line)})
		}
		if err != nil {
			return
		}
	}
}

func takeRequest(connection net.Conn, statuses []int, answered *int32, tell func(map[string]any)) {
	reader := bufio.NewReader(connection)
	line, err := reader.ReadString('\n')
	if err != nil {
		return
	}
	headers, err := readHeaders(reader)
	if err != nil {
		return
	}
	body, _ := readBody(reader, headers, false)
	status := 200
	if at := int(atomic.AddInt32(answered, 1)) - 1; at < len(statuses) {
		status = statuses[at]
	}
	io.WriteString(connection, "HTTP/1.1 "+strconv.Itoa(status)+" Answer\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
	var records []json.RawMessage
	isList := json.Unmarshal(body, &records) == nil
	tell(map[string]any{"delivery": map[string]any{
		"request": line, "headers": headers, "status": status, "records": len(records), "isList": isList, "bytes": len(body),
	}})
	if status < 300 {
		for _, record := range records {
			tell(map[string]any{"log": value(record)})
		}
	}
}
