package main

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"
)

// vuln runs govulncheck. Without its database there is nothing to say, which is said; a finding fails.
func vuln(ctx context.Context, _ []string) error {
	database := cmp.Or(os.Getenv("GOVULNDB"), "https://vuln.go.dev")
	if err := reach(ctx, database); err != nil {
		fmt.Printf("vuln: not checked, %s cannot be reached (%v)\n", database, err)
		return nil
	}
	return command(ctx, "go", "tool", "govulncheck", "./...").Run()
}

// reach asks for the smallest file of the database.
func reach(ctx context.Context, database string) error {
	if strings.HasPrefix(database, "file:") {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, database+"/index/db.json", nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", res.StatusCode)
	}
	return nil
}
