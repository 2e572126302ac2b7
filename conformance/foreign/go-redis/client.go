package main

import (
	"crypto/tls"
	"crypto/x509"
	"flag"
	"fmt"
	"net"
	"net/url"
	"runtime"
	"strconv"
	"weak"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

type endpoint struct {
	Topology   string `json:"topology"`
	Host       string `json:"host"`
	Port       int    `json:"port"`
	CA         string `json:"ca"`
	ServerName string `json:"servername"`
	MasterName string `json:"masterName"`
}

type options struct {
	Protocol        int    `json:"resp"`
	Name            string `json:"name"`
	OfflineQueue    *bool  `json:"offlineQueue"`
	ReadReplicas    bool   `json:"readReplicas"`
	DefaultProtocol bool   `json:"defaultProtocol"`
	UserInfo        *struct {
		Username string `json:"username"`
		Password string `json:"password"`
	} `json:"userInfo"`
	Pool struct {
		Minimum int `json:"minimum"`
		Maximum int `json:"maximum"`
	} `json:"pool"`
}

// A failover client with a StreamingCredentialsProvider ends the process, by a nil pointer: `-streaming` shows it.
var streaming = flag.Bool("streaming", false, "use a StreamingCredentialsProvider behind sentinels, too")

func newClient(at endpoint, with options, tokens *tokenSource) (redis.UniversalClient, error) {
	universal := &redis.UniversalOptions{
		Addrs:                    []string{net.JoinHostPort(at.Host, strconv.Itoa(at.Port))},
		IsClusterMode:            at.Topology == "cluster",
		MasterName:               at.MasterName,
		ClientName:               with.Name,
		ReadOnly:                 with.ReadReplicas,
		RouteRandomly:            with.ReadReplicas,
		PoolSize:                 with.Pool.Maximum,
		MinIdleConns:             with.Pool.Minimum,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
	if at.Topology == "sentinel" && !*streaming {
		universal.CredentialsProviderContext = tokens.userAndPassword
	} else {
		universal.StreamingCredentialsProvider = tokens
	}
	if !with.DefaultProtocol {
		universal.Protocol = with.Protocol
	}
	if with.OfflineQueue != nil && !*with.OfflineQueue {
		universal.MaxRetries = -1
		universal.DialerRetries = 1
	}
	if at.CA != "" {
		roots := x509.NewCertPool()
		if !roots.AppendCertsFromPEM([]byte(at.CA)) {
			return nil, fmt.Errorf("the certificate authority is no PEM")
		}
		universal.TLSConfig = &tls.Config{RootCAs: roots, ServerName: at.ServerName}
	}
	if with.UserInfo != nil {
		return fromURL(universal, with)
	}
	return redis.NewUniversalClient(universal), nil
}

func fromURL(universal *redis.UniversalOptions, with options) (redis.UniversalClient, error) {
	user := url.UserPassword(with.UserInfo.Username, with.UserInfo.Password)
	scheme := "redis"
	if universal.TLSConfig != nil {
		scheme = "rediss"
	}
	address := (&url.URL{Scheme: scheme, User: user, Host: universal.Addrs[0]}).String()
	if universal.IsClusterMode {
		cluster, err := redis.ParseClusterURL(address)
		if err != nil {
			return nil, err
		}
		cluster.StreamingCredentialsProvider = universal.StreamingCredentialsProvider
		cluster.TLSConfig = universal.TLSConfig
		return redis.NewClusterClient(cluster), nil
	}
	simple, err := redis.ParseURL(address)
	if err != nil {
		return nil, err
	}
	simple.StreamingCredentialsProvider = universal.StreamingCredentialsProvider
	simple.TLSConfig = universal.TLSConfig
	return redis.NewClient(simple), nil
}

// closedClients tells which of them are still in memory.
type closedClients struct {
	alive []func() bool
}

func (c *closedClients) add(client redis.UniversalClient) {
	switch client := client.(type) {
	case *redis.Client:
		pointer := weak.Make(client)
		c.alive = append(c.alive, func() bool { return pointer.Value() != nil })
	case *redis.ClusterClient:
		pointer := weak.Make(client)
		c.alive = append(c.alive, func() bool { return pointer.Value() != nil })
	}
}

func (c *closedClients) stillInUse() int {
	runtime.GC()
	count := 0
	for _, alive := range c.alive {
		if alive() {
			count++
		}
	}
	return count
}
