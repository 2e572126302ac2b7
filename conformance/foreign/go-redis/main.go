// A driver of entra-redis' conformance suite for go-redis: JSON lines on stdin and stdout.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"
)

type request struct {
	ID     int    `json:"id"`
	Method string `json:"method"`
	Params params `json:"params"`
}

type params struct {
	TokenURL string     `json:"tokenUrl"`
	Session  int        `json:"session"`
	Endpoint endpoint   `json:"endpoint"`
	Options  options    `json:"options"`
	Args     []string   `json:"args"`
	Commands [][]string `json:"commands"`
	Channel  string     `json:"channel"`
	Kind     string     `json:"kind"`
}

type line map[string]any

var output = struct {
	sync.Mutex
	*json.Encoder
}{Encoder: json.NewEncoder(os.Stdout)}

func tell(message line) {
	output.Lock()
	defer output.Unlock()
	if err := output.Encode(message); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func answer(id int, call func() (any, error)) {
	result, err := call()
	if err != nil {
		tell(line{"id": id, "error": line{"message": err.Error(), "type": typeOf(err)}})
		return
	}
	tell(line{"id": id, "result": result})
}

func typeOf(err error) string { return strings.TrimPrefix(fmt.Sprintf("%T", err), "*") }

// What go-redis tells its user beside errors.
type logger struct{}

func (logger) Printf(_ context.Context, format string, values ...any) {
	text := fmt.Sprintf(format, values...)
	kind := "warning"
	if strings.Contains(text, "re-authentication") {
		kind = "reauthentication-failed"
	}
	tell(line{"event": "application", "type": kind, "text": text})
}

type driver struct {
	tokens   *tokenSource
	sessions map[int]*session
	closed   closedClients
}

func (d *driver) carryOut(r request) {
	reply := func(call func() (any, error)) { answer(r.ID, call) }
	switch r.Method {
	case "describe-driver":
		reply(func() (any, error) { return description(), nil })
	case "start":
		d.tokens = newTokenSource(r.Params.TokenURL)
		reply(nothing)
	case "open":
		reply(func() (any, error) { return nil, d.open(r.Params) })
	case "describe-application":
		reply(func() (any, error) { return "", nil })
	case "leaked-clients":
		reply(func() (any, error) { return d.closed.stillInUse(), nil })
	case "close-application":
		d.tokens.close()
		reply(nothing)
	default:
		d.sessions[r.Params.Session].carryOut(r, reply, &d.closed)
	}
}

func (d *driver) open(p params) error {
	client, err := newClient(p.Endpoint, p.Options, d.tokens)
	if err != nil {
		return err
	}
	d.sessions[p.Session] = newSession(p.Session, client)
	return nil
}

func nothing() (any, error) { return nil, nil }

func main() {
	flag.Parse()
	redis.SetLogger(logger{})
	d := &driver{sessions: map[int]*session{}}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var r request
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		d.carryOut(r)
	}
}
