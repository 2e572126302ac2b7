package main

import (
	"runtime"
	"strings"

	"github.com/redis/go-redis/v9"
)

var cannot = map[string]string{
	"duplicate":                 "go-redis has no duplicate()",
	"manual-transaction":        "each command may take another connection of the pool: MULTI belongs to TxPipelined",
	"resp2-subscriber-lossless": "go-redis sends no AUTH over a subscriber, and connects it again when it is disconnected",
	"outage-keeps-queue":        "a command that cannot connect returns why",
	"queue-limit":               "go-redis has no queue",
	"azure-identity":            "go-redis-entraid, which takes them, is not in the registry that this was made with",
	"bullmq":                    "BullMQ is built on ioredis",
	"clock":                     "go-redis goes by the clock of its machine",
	"copied-options":            "go-redis takes a struct, which copies as a whole",
	"options-changed":           "go-redis keeps the address that it was made with",
	"error-codes":               "errors of go-redis have a type, no code",
	"maintenance-notifications": "each command may take another connection of the pool, so that none can be followed",
}

var can = []string{
	"pipeline", "transaction", "blocking", "blocked-resent", "subscribe", "sharded-subscribe",
	"resp3-subscriber-reauth", "waits-for-first-token",
	"retries-first-connect", "retries-first-login",
	"offline-queue", "offline-queue-off", "monitor", "pool", "cluster", "sentinel", "server-name", "leak-count",
}

func description() line {
	capabilities := line{}
	for _, name := range can {
		capabilities[name] = true
	}
	for name, because := range cannot {
		capabilities[name] = line{"supported": false, "because": because}
	}
	return line{
		"protocol":      1,
		"runtime":       "Go " + strings.TrimPrefix(runtime.Version(), "go"),
		"name":          "go-redis",
		"clientVersion": redis.Version(),
		"capabilities":  capabilities,
		"resp":          []int{2, 3},
		"closeWays":     []string{"close"},
	}
}
