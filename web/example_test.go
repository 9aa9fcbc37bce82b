//go:build !js

package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"

	"slate/internal/build/bundle"
	"slate/web"
)

func ExampleNewHost() {
	dir, err := os.MkdirTemp("", "program")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	// What "make build" does.
	if _, _, err := bundle.Write(dir, []byte("\x00asm"), []byte("// wasm_exec.js"), 5); err != nil {
		panic(err)
	}

	host, err := web.NewHost(web.Options{Program: os.DirFS(dir)})
	if err != nil {
		panic(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/", host)

	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	fmt.Println(w.Code, w.Header().Get("Content-Type"))
	// Output: 200 text/html; charset=utf-8
}
