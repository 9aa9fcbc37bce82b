package persist

import (
	"errors"
	"fmt"

	"slate/store/persist/internal/jsapi"
)

// full adds ErrFull where the browser's quota is used up.
func full(err error) error {
	if e, ok := errors.AsType[*jsapi.Error](err); ok && (e.Name == "QuotaExceededError" || e.Name == "NS_ERROR_DOM_QUOTA_REACHED") {
		return fmt.Errorf("%w (%w)", ErrFull, err)
	}
	return err
}
