package medtech

import (
	"context"
	"strconv"
)

// HealthcareProfessionalAPI is the part of a [Client] that reads and finds
// professionals (iCure's HealthcareProfessionalApi, icure.md 3.3). All methods
// fail with an [*Error].
type HealthcareProfessionalAPI struct{ client *Client }

// GetHealthcareProfessional answers the professional with an id;
// [ErrNotFound] when there is none.
//
// Route: GET hcparty/{id}.
func (a *HealthcareProfessionalAPI) GetHealthcareProfessional(ctx context.Context, id string) (HealthcareProfessional, error) {
	const op = "get healthcare professional"
	segment, err := pathSegment(op, "the id of a professional", id)
	if err != nil {
		return HealthcareProfessional{}, err
	}
	return do[HealthcareProfessional](ctx, a.client, call{op: op, method: "GET", path: restV1 + "/hcparty/" + segment})
}

// FilterHealthcareProfessionals answers the professionals whose name contains
// the given one, whatever the case, accents and spaces of either. A name with
// nothing to look for is answered by an empty page, without a request.
//
// Route: POST hcparty/filter.
func (a *HealthcareProfessionalAPI) FilterHealthcareProfessionals(ctx context.Context, name string, page PageRequest) (Page[HealthcareProfessional], error) {
	const op = "find healthcare professionals"
	if page.Limit < 0 {
		return Page[HealthcareProfessional]{}, invalid(op, "a page of %d rows", page.Limit)
	}
	search := SearchName(name)
	if search == "" {
		return Page[HealthcareProfessional]{Rows: []HealthcareProfessional{}}, nil
	}
	return do[Page[HealthcareProfessional]](ctx, a.client, call{
		op: op, method: "POST", path: restV1 + "/hcparty/filter", query: page.query(),
		body: filterChain{"FilterChain", nameFilter{"HealthcarePartyByNameFilter", search}},
	})
}

// filterChain is the body of a filter route.
type filterChain struct {
	Type   string     `json:"$type"`
	Filter nameFilter `json:"filter"`
}

type nameFilter struct {
	Type string `json:"$type"`
	Name string `json:"name"`
}

// query writes the page as query parameters.
func (p PageRequest) query() string {
	var query string
	if p.Start != "" {
		query = "startDocumentId=" + escape(p.Start)
	}
	if p.Limit > 0 {
		if query != "" {
			query += "&"
		}
		query += "limit=" + decimal(int64(p.Limit))
	}
	return query
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }
