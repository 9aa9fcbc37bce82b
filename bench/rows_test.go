package bench

import "fmt"

// row is one entity of a collection.
type row struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Mail    string `json:"mail"`
	Rank    int    `json:"rank"`
	Version int    `json:"version"`
}

// makeRows returns n rows. Their ids come in order, their ranks do not: the n ranks are those from 0 to n-1, shuffled by
// steps of a prime number.
func makeRows(n, version int, prefix string) []row {
	rows := make([]row, n)
	for i := range rows {
		rows[i] = row{
			ID:      fmt.Sprintf("%s%06d", prefix, i),
			Name:    fmt.Sprintf("Ada Lovelace %d", i),
			Mail:    fmt.Sprintf("ada.%d@example.org", i),
			Rank:    i * 7919 % n,
			Version: version,
		}
	}
	return rows
}
