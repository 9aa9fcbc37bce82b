package backend

import (
	"net/http"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"
)

// maxBuckets bounds the memory of a limiter. Who is pushed out starts with a full
// bucket again, which takes 10,000 other addresses.
const maxBuckets = 10_000

// limiter has one token bucket for each key.
type limiter struct {
	limit RateLimit
	mu    sync.Mutex
	lru   *simplelru.LRU[string, *rate.Limiter]
}

func newLimiter(limit RateLimit) *limiter {
	lru, err := simplelru.NewLRU[string, *rate.Limiter](maxBuckets, nil)
	if err != nil {
		panic(err) // the size is a positive constant
	}
	return &limiter{limit: limit, lru: lru}
}

// take takes one token of a key, or answers the 429 that says how long to wait.
func (l *limiter) take(key string, now time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	bucket, ok := l.lru.Get(key)
	if !ok {
		bucket = rate.NewLimiter(rate.Limit(l.limit.PerSecond), l.limit.Burst)
		l.lru.Add(key, bucket)
	}
	if bucket.AllowN(now, 1) {
		return nil
	}
	missing := 1 - bucket.TokensAt(now)
	wait := time.Duration(missing / l.limit.PerSecond * float64(time.Second))
	return &statusError{status: http.StatusTooManyRequests, message: "Too many attempts; wait and try again", retryAfter: max(wait, time.Second)}
}
