package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

var errClosed = errors.New("the client was closed")

// session is one client, used as an application uses it: from one goroutine, and from another one for each command that blocks.
type session struct {
	number      int
	mutex       sync.Mutex
	client      redis.UniversalClient
	tasks       chan func()
	subscribers map[string]*redis.PubSub
}

func newSession(number int, client redis.UniversalClient) *session {
	s := &session{number: number, client: client, tasks: make(chan func(), 100_000), subscribers: map[string]*redis.PubSub{}}
	go func() {
		for task := range s.tasks {
			task()
		}
	}()
	s.tasks <- s.firstConnect
	return s
}

func (s *session) carryOut(r request, reply func(func() (any, error)), closed *closedClients) {
	inTurn := func(call func() (any, error)) { s.tasks <- func() { reply(call) } }
	switch p := r.Params; r.Method {
	case "ready":
		inTurn(func() (any, error) { return s.command([]string{"PING"}) })
	case "command":
		call := func() (any, error) { return s.command(p.Args) }
		if blocks(p.Args) {
			go reply(call)
		} else {
			inTurn(call)
		}
	case "pipeline", "transaction":
		inTurn(func() (any, error) { return s.pipeline(p.Commands, r.Method == "transaction") })
	case "subscribe":
		inTurn(func() (any, error) { return nil, s.subscribe(p.Channel, p.Kind) })
	case "unsubscribe":
		inTurn(func() (any, error) { return nil, s.unsubscribe(p.Channel, p.Kind) })
	case "monitor":
		inTurn(func() (any, error) { return nil, s.monitor() })
	case "connected":
		reply(nothing) // go-redis connects when it has something to send, and does not say.
	case "describe":
		reply(func() (any, error) { return s.describe(), nil })
	case "close":
		reply(func() (any, error) { return nil, s.close(closed) })
	default:
		reply(func() (any, error) { return nil, fmt.Errorf("this driver has no method %s", r.Method) })
	}
}

func (s *session) open() (redis.UniversalClient, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.client == nil {
		return nil, errClosed
	}
	return s.client, nil
}

func (s *session) firstConnect() {
	if _, err := s.command([]string{"PING"}); err != nil && !errors.Is(err, errClosed) {
		s.tellError(err)
	}
}

func (s *session) tellError(err error) {
	tell(line{"event": "error", "session": s.number, "text": typeOf(err) + ": " + err.Error()})
}

func (s *session) command(args []string) (any, error) {
	client, err := s.open()
	if err != nil {
		return nil, err
	}
	var reply any
	switch name := strings.ToUpper(args[0]); {
	case name == "BLPOP":
		reply, err = blockingPop(client, args)
	case name == "XREAD" && blocks(args):
		reply, err = blockingRead(client, args)
	default:
		reply, err = client.Do(context.Background(), values(args)...).Result()
	}
	return plain(reply), unlessNil(err)
}

func (s *session) pipeline(commands [][]string, transaction bool) (any, error) {
	client, err := s.open()
	if err != nil {
		return nil, err
	}
	run := client.Pipelined
	if transaction {
		run = client.TxPipelined
	}
	done, err := run(context.Background(), func(pipeline redis.Pipeliner) error {
		for _, args := range commands {
			pipeline.Do(context.Background(), values(args)...)
		}
		return nil
	})
	if err := unlessNil(err); err != nil {
		return nil, err
	}
	replies := make([]any, len(done))
	for i, command := range done {
		replies[i] = plain(command.(*redis.Cmd).Val())
	}
	return replies, nil
}

func (s *session) monitor() error {
	client, err := s.open()
	if err != nil {
		return err
	}
	simple, ok := client.(*redis.Client)
	if !ok {
		return errors.New("a cluster has no MONITOR")
	}
	lines := make(chan string)
	monitor := simple.Monitor(context.Background(), lines)
	go func() {
		for text := range lines {
			tell(line{"event": "monitor", "session": s.number, "line": text})
		}
	}()
	monitor.Start()
	return nil
}

func (s *session) describe() string {
	client, err := s.open()
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%v", client)
}

func (s *session) close(closed *closedClients) error {
	s.mutex.Lock()
	client := s.client
	s.client = nil
	s.mutex.Unlock()
	if client == nil {
		return nil
	}
	for _, subscriber := range s.subscribers {
		_ = subscriber.Close()
	}
	closed.add(client)
	return client.Close()
}

// Do knows no command's own timeout: these have methods that do.
func blockingPop(client redis.UniversalClient, args []string) (any, error) {
	last := len(args) - 1
	seconds, err := strconv.ParseFloat(args[last], 64)
	if err != nil {
		return nil, err
	}
	return client.BLPop(context.Background(), time.Duration(seconds*float64(time.Second)), args[1:last]...).Result()
}

func blockingRead(client redis.UniversalClient, args []string) (any, error) {
	milliseconds, err := strconv.Atoi(args[2])
	if err != nil {
		return nil, err
	}
	read := &redis.XReadArgs{Streams: args[4:], Block: time.Duration(milliseconds) * time.Millisecond}
	return client.XRead(context.Background(), read).Result()
}

func blocks(args []string) bool {
	name := strings.ToUpper(args[0])
	return name == "BLPOP" || name == "BRPOP" || name == "BLMOVE" || len(args) > 1 && strings.EqualFold(args[1], "BLOCK")
}

func values(args []string) []any {
	values := make([]any, len(args))
	for i, arg := range args {
		values[i] = arg
	}
	return values
}

func unlessNil(err error) error {
	if errors.Is(err, redis.Nil) {
		return nil
	}
	return err
}

// plain makes a reply what JSON can carry: the keys of RESP3's maps are values of any kind.
func plain(reply any) any {
	switch reply := reply.(type) {
	case map[any]any:
		object := map[string]any{}
		for key, value := range reply {
			object[fmt.Sprint(key)] = plain(value)
		}
		return object
	case []any:
		list := make([]any, len(reply))
		for i, value := range reply {
			list[i] = plain(value)
		}
		return list
	case []string:
		if reply == nil {
			return nil
		}
		return reply
	case error:
		return line{"error": reply.Error()}
	default:
		return reply
	}
}
