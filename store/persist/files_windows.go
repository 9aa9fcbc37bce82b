package persist

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

const (
	errorSharingViolation syscall.Errno = 32
	errorDiskFull         syscall.Errno = 112
)

// lockFile opens a file that nobody else can open until the process ends.
func lockFile(path string) (*os.File, error) {
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return nil, fmt.Errorf("persist: %w", err)
	}
	const alone = 0
	h, err := syscall.CreateFile(name, syscall.GENERIC_READ|syscall.GENERIC_WRITE, alone, nil, syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	switch {
	case errors.Is(err, errorSharingViolation):
		return nil, fmt.Errorf("%w: %s", ErrLocked, path)
	case err != nil:
		return nil, fmt.Errorf("persist: %w", err)
	}
	return os.NewFile(uintptr(h), path), nil
}

// syncDir does nothing: Windows writes the names of files through its own journal.
func syncDir(string) error { return nil }

// full adds ErrFull where the disk is.
func full(err error) error {
	if errors.Is(err, errorDiskFull) {
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	return err
}
