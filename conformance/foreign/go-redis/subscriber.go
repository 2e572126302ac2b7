package main

import (
	"context"
	"fmt"

	"github.com/redis/go-redis/v9"
)

// Each subscription is a PubSub of its own: in a cluster they live on different nodes.
func (s *session) subscribe(channel, kind string) error {
	client, err := s.open()
	if err != nil {
		return err
	}
	start := map[string]func(context.Context, ...string) *redis.PubSub{
		"channel": client.Subscribe,
		"pattern": client.PSubscribe,
		"sharded": client.SSubscribe,
	}[kind]
	subscriber := start(context.Background(), channel)
	if _, err := subscriber.Receive(context.Background()); err != nil {
		_ = subscriber.Close()
		return fmt.Errorf("subscribing: %w", err)
	}
	s.subscribers[kind+" "+channel] = subscriber
	go func() {
		for message := range subscriber.Channel() {
			tell(line{"event": "message", "session": s.number, "channel": channel, "kind": kind, "message": message.Payload})
		}
	}()
	return nil
}

func (s *session) unsubscribe(channel, kind string) error {
	subscriber := s.subscribers[kind+" "+channel]
	if subscriber == nil {
		return nil
	}
	delete(s.subscribers, kind+" "+channel)
	return subscriber.Close()
}
