package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9/auth"
)

const (
	renewAt    = 0.6
	retryAfter = 100 * time.Millisecond
)

type token struct {
	value, objectID string
	obtained, ends  time.Time
}

// tokenSource is a StreamingCredentialsProvider, as go-redis-entraid gives one: a token that is renewed for all connections
// of all clients.
type tokenSource struct {
	url       string
	ctx       context.Context
	close     context.CancelFunc
	mutex     sync.Mutex
	current   *token
	listeners map[auth.CredentialsListener]struct{}
}

func newTokenSource(url string) *tokenSource {
	ctx, cancel := context.WithCancel(context.Background())
	return &tokenSource{url: url, ctx: ctx, close: cancel, listeners: map[auth.CredentialsListener]struct{}{}}
}

func (s *tokenSource) Subscribe(listener auth.CredentialsListener) (auth.Credentials, auth.UnsubscribeFunc, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if err := s.ensure(); err != nil {
		return nil, nil, err
	}
	s.listeners[listener] = struct{}{}
	unsubscribe := func() error {
		s.mutex.Lock()
		defer s.mutex.Unlock()
		delete(s.listeners, listener)
		return nil
	}
	return s.credentials(), unsubscribe, nil
}

// userAndPassword is a CredentialsProviderContext: what each new connection logs in with.
func (s *tokenSource) userAndPassword(context.Context) (string, string, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if err := s.ensure(); err != nil {
		return "", "", err
	}
	return s.current.objectID, s.current.value, nil
}

// ensure requests a token where none is held that has not expired.
func (s *tokenSource) ensure() error {
	if s.current != nil && time.Now().Before(s.current.ends) {
		return nil
	}
	first := s.current == nil
	if err := s.request(); err != nil {
		return err
	}
	if first {
		go s.renew()
	}
	return nil
}

// renew goes on, however often a request fails. It tells nobody by OnError: go-redis then closes connections that are good.
func (s *tokenSource) renew() {
	for s.ctx.Err() == nil {
		s.sleep(s.untilRenewal())
		listeners, credentials, err := s.next()
		if err != nil {
			tell(line{"event": "application", "type": "retry", "text": err.Error()})
			s.sleep(retryAfter)
			continue
		}
		for _, listener := range listeners {
			listener.OnNext(credentials)
		}
	}
}

func (s *tokenSource) untilRenewal() time.Duration {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	life := s.current.ends.Sub(s.current.obtained)
	return time.Until(s.current.obtained.Add(time.Duration(renewAt * float64(life))))
}

// next requests a token. The listeners are told without the lock: they may subscribe.
func (s *tokenSource) next() ([]auth.CredentialsListener, auth.Credentials, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if err := s.request(); err != nil {
		return nil, nil, err
	}
	return slices.Collect(maps.Keys(s.listeners)), s.credentials(), nil
}

func (s *tokenSource) credentials() auth.Credentials {
	return auth.NewBasicCredentials(s.current.objectID, s.current.value)
}

func (s *tokenSource) sleep(d time.Duration) {
	select {
	case <-time.After(d):
	case <-s.ctx.Done():
	}
}

func (s *tokenSource) request() error {
	request, err := http.NewRequestWithContext(s.ctx, http.MethodGet, s.url, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Metadata", "true")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("the identity provider did not answer: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the identity provider answered %s", response.Status)
	}
	var body struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(response.Body).Decode(&body); err != nil {
		return fmt.Errorf("the identity provider's answer: %w", err)
	}
	current, err := parse(body.AccessToken)
	if err == nil {
		s.current = current
	}
	return err
}

func parse(value string) (*token, error) {
	parts := strings.Split(value, ".")
	if len(parts) != 3 {
		return nil, fmt.Errorf("the identity provider's answer holds no JWT")
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return nil, fmt.Errorf("the token's payload: %w", err)
	}
	var claims struct {
		ObjectID string  `json:"oid"`
		Expires  float64 `json:"exp"`
	}
	if err := json.Unmarshal(payload, &claims); err != nil {
		return nil, fmt.Errorf("the token's claims: %w", err)
	}
	ends := time.UnixMilli(int64(claims.Expires * 1000))
	return &token{value: value, objectID: claims.ObjectID, obtained: time.Now(), ends: ends}, nil
}
