package queries

import (
	"context"

	"slate/medtech"
	"slate/store/query"
)

// HealthcareProfessionalAPI is the original's healthcareProfessionalApi.
var HealthcareProfessionalAPI = query.NewAPI("healthcareProfessionalApi")

// HCPTag is the tag type of healthcare professionals.
var HCPTag = query.NewTag("hcp")

// MaxFound is how many professionals a search answers at the most.
const MaxFound = 50

// GetHealthcareProfessional reads a professional by id.
var GetHealthcareProfessional = query.New(HealthcareProfessionalAPI, query.Spec[string, medtech.HealthcareProfessional]{
	Name: "getHealthcareProfessional",
	Fetch: guarded(func(ctx context.Context, api *medtech.Client, id string) (medtech.HealthcareProfessional, error) {
		return api.HealthcareProfessionals.GetHealthcareProfessional(ctx, id)
	}),
	Provides: func(_ medtech.HealthcareProfessional, _ error, id string) []query.Tag { return HCPTag.IDs(id) },
})

// FilterHealthcareProfessionals finds professionals whose name contains a text, at most [MaxFound]; case and accents do not
// matter. As in the original it provides no tag.
var FilterHealthcareProfessionals = query.New(HealthcareProfessionalAPI, query.Spec[string, []medtech.HealthcareProfessional]{
	Name: "filterHealthcareProfessionals",
	Fetch: guarded(func(ctx context.Context, api *medtech.Client, name string) ([]medtech.HealthcareProfessional, error) {
		page, err := api.HealthcareProfessionals.FilterHealthcareProfessionals(ctx, name, medtech.PageRequest{Limit: MaxFound})
		return page.Rows, err
	}),
})
