// Package errjson writes errors as JSON and reads them back, so that an action that carries an error can be logged,
// replayed and sent to another process.
package errjson

import (
	"encoding/json"
	"errors"
)

// Error is an error that was read from JSON: the message is what is left of it.
type Error struct {
	Message string `json:"message"`
	Code    string `json:"code,omitempty"`
}

// Error implements error.
func (e *Error) Error() string { return e.Message }

// coded is implemented by errors that have a stable code beside their message.
type coded interface{ ErrorCode() string }

// Marshal writes err as {"message": …, "code": …}; null where it is nil. The code is that of the first error in the chain
// that has a method ErrorCode() string.
func Marshal(err error) (json.RawMessage, error) {
	if err == nil {
		return json.RawMessage("null"), nil
	}
	e := Error{Message: err.Error()}
	if c, ok := errors.AsType[interface {
		error
		coded
	}](err); ok {
		e.Code = c.ErrorCode()
	}
	return json.Marshal(e)
}

// ErrorCode returns the code, so that an error keeps it when it is written again.
func (e *Error) ErrorCode() string { return e.Code }

// Unmarshal reads what Marshal wrote.
func Unmarshal(data []byte) (error, error) {
	if len(data) == 0 || string(data) == "null" {
		return nil, nil
	}
	e := &Error{}
	if err := json.Unmarshal(data, e); err != nil {
		return nil, err
	}
	return e, nil
}
