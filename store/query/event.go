package query

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"slate/store/internal/errjson"
)

// event is the payload of an API's actions: something happened to the request seq of an entry.
type event struct {
	ep   *endpoint
	key  any // what identifies the entry; nil for an untracked mutation
	seq  uint64
	arg  any // A
	data any // *R
	err  error
	tags []Tag
	at   time.Time
}

type wireEvent struct {
	Endpoint  string          `json:"endpointName"`
	RequestID string          `json:"requestId"`
	Slot      string          `json:"slot,omitempty"`          // of a mutation's record
	SharedKey *string         `json:"fixedCacheKey,omitempty"` // of a mutation's record that handles share
	Arg       json.RawMessage `json:"originalArgs"`
	Data      json.RawMessage `json:"data,omitempty"`
	Error     json.RawMessage `json:"error,omitempty"`
	Tags      []Tag           `json:"tags,omitempty"`
	At        time.Time       `json:"at"`
}

// MarshalJSON names the fields as Redux Toolkit does.
func (e event) MarshalJSON() ([]byte, error) {
	if e.ep == nil {
		return []byte("null"), nil
	}
	w := wireEvent{Endpoint: e.ep.name, RequestID: requestID(e.seq), Tags: e.tags, At: e.at}
	if s, ok := e.key.(slot); ok && s.shared {
		w.SharedKey = &s.name
	} else if ok {
		w.Slot = s.name
	}
	var err error
	if w.Arg, err = json.Marshal(e.arg); err != nil {
		return nil, err
	}
	if e.data != nil {
		if w.Data, err = json.Marshal(e.data); err != nil {
			return nil, err
		}
	}
	if e.err != nil {
		if w.Error, err = errjson.Marshal(e.err); err != nil {
			return nil, err
		}
	}
	return json.Marshal(w)
}

// decodeEvent reads what MarshalJSON wrote, with the types of the endpoint that it names.
func (a *API) decodeEvent(data []byte) (event, error) {
	var w wireEvent
	if err := json.Unmarshal(data, &w); err != nil {
		return event{}, err
	}
	e := event{ep: a.endpoint(w.Endpoint), tags: w.Tags, at: w.At}
	if e.ep == nil {
		return event{}, &UnknownEndpointError{a.Name(), w.Endpoint}
	}
	var err error
	if e.seq, err = strconv.ParseUint(w.RequestID, 10, 53); err != nil {
		return event{}, fmt.Errorf("request id %q is not a number below 2^53", w.RequestID)
	}
	if e.arg, err = e.ep.decode.arg(w.Arg); err != nil {
		return event{}, fmt.Errorf("argument of %s: %w", e.ep.fullName(), err)
	}
	switch {
	case !e.ep.mutation:
		e.key = e.ep.keyOf(e.arg)
	case w.SharedKey != nil:
		e.key = slot{*w.SharedKey, true}
	case w.Slot != "":
		e.key = slot{name: w.Slot}
	}
	if len(w.Data) > 0 {
		if e.data, err = e.ep.decode.data(w.Data); err != nil {
			return event{}, fmt.Errorf("data of %s: %w", e.ep.fullName(), err)
		}
	}
	e.err, err = errjson.Unmarshal(w.Error)
	return e, err
}
