// Package imports holds the test that keeps the module's imports pointing one way, as docs/architecture.md draws them.
package imports
