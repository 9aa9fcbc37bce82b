package backend

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"slate/medtech"
)

// currentParty implements GET hcparty/current.
func (s *Server) currentParty(c *call, _ nothing) (medtech.HealthcareParty, error) {
	if c.user.HealthcarePartyID == "" {
		return medtech.HealthcareParty{}, &statusError{status: http.StatusNotFound, message: "The user is no healthcare party"}
	}
	h, err := s.parties.get(c.Context(), c.user.HealthcarePartyID)
	return h.WithLists(), err
}

// partyByID implements GET hcparty/{id}; others see what is public.
func (s *Server) partyByID(c *call, _ nothing) (medtech.HealthcareParty, error) {
	h, err := s.parties.get(c.Context(), c.PathValue("id"))
	if err == nil && h.DeletionDate != 0 {
		err = s.parties.notFound(h.ID)
	}
	if err != nil {
		return medtech.HealthcareParty{}, err
	}
	return partyFor(c.user, h), nil
}

// partyFor is a healthcare party as a user may see it.
func partyFor(who medtech.User, h medtech.HealthcareParty) medtech.HealthcareParty {
	if ownsParty(who, h.ID) || isAdministrator(who) {
		return h.WithLists()
	}
	return publicParty(h).WithLists()
}

func ownsParty(who medtech.User, id string) bool { return id != "" && who.HealthcarePartyID == id }

// publicParty is what everybody may know of a healthcare party: who they are, what
// they do, where they work, and the keys with which to encrypt for them.
func publicParty(h medtech.HealthcareParty) medtech.HealthcareParty {
	return medtech.HealthcareParty{
		ID: h.ID, Rev: h.Rev, Created: h.Created, Modified: h.Modified,
		Tags: h.Tags, Codes: h.Codes,
		Name: h.Name, LastName: h.LastName, FirstName: h.FirstName, Names: h.Names,
		Gender: h.Gender, Civility: h.Civility, CompanyName: h.CompanyName,
		Speciality: h.Speciality, SpecialityCodes: h.SpecialityCodes,
		ParentID: h.ParentID, Type: h.Type, Picture: h.Picture, Languages: h.Languages, Descr: h.Descr, Public: h.Public,
		Addresses: slices.DeleteFunc(slices.Clone(h.Addresses), func(a medtech.Address) bool { return !workplace(a) }),
		CryptoOwner: medtech.CryptoOwner{
			PublicKey: h.PublicKey, PublicKeysForOAEPWithSHA256: h.PublicKeysForOAEPWithSHA256,
			HcPartyKeys: h.HcPartyKeys, AESExchangeKeys: h.AESExchangeKeys,
		},
	}
}

// workplace tells an address of the practice from a private one.
func workplace(a medtech.Address) bool {
	switch a.AddressType {
	case medtech.WorkAddress, medtech.HospitalAddress, medtech.ClinicAddress, medtech.HeadquarterOffice, medtech.CareAddress:
		return true
	default:
		return false
	}
}

// createParty implements POST hcparty.
func (s *Server) createParty(c *call, in medtech.HealthcareParty) (medtech.HealthcareParty, error) {
	h, err := s.newParty(c.Context(), in, c.now)
	return h.WithLists(), err
}

func (s *Server) newParty(ctx context.Context, in medtech.HealthcareParty, now medtech.Timestamp) (medtech.HealthcareParty, error) {
	h := in.Clone()
	if h.Rev != "" {
		return h, badRequest("A new healthcare party has no rev; use PUT to change one")
	}
	h.ID = cmp.Or(h.ID, uuid.NewString())
	h.Name = cmp.Or(h.Name, strings.TrimSpace(h.LastName+" "+h.FirstName))
	if h.Name == "" && h.CompanyName == "" {
		return h, badRequest("A healthcare party needs a name: lastName, name or companyName")
	}
	h.Created, h.Modified, h.DeletionDate = cmp.Or(h.Created, now), cmp.Or(h.Modified, now), 0
	return s.parties.put(ctx, h)
}

// changeParty implements PUT hcparty: the document is replaced by the one sent.
func (s *Server) changeParty(c *call, in medtech.HealthcareParty) (medtech.HealthcareParty, error) {
	if in.ID == "" {
		return medtech.HealthcareParty{}, badRequest("The healthcare party has no id")
	}
	if !ownsParty(c.user, in.ID) && !isAdministrator(c.user) {
		return medtech.HealthcareParty{}, forbidden("Only this healthcare party or an administrator may do this")
	}
	old, err := s.parties.get(c.Context(), in.ID)
	if err != nil {
		return medtech.HealthcareParty{}, err
	}
	h := in.Clone()
	h.Created, h.Modified, h.DeletionDate = old.Created, c.now, old.DeletionDate
	if !isAdministrator(c.user) {
		h.UserID, h.ParentID = old.UserID, old.ParentID
	}
	h, err = s.parties.put(c.Context(), h)
	return h.WithLists(), err
}

// partyFilter is a filter of healthcare parties, bare or inside a FilterChain.
type partyFilter struct {
	Type   string       `json:"$type"`
	Filter *partyFilter `json:"filter"`
	Name   string       `json:"name"` // of HealthcarePartyByNameFilter
	IDs    []string     `json:"ids"`  // of HealthcarePartyByIdsFilter
}

// defaultPage is how many rows a page has when the request does not say.
const defaultPage = 1000

// filterParties implements POST hcparty/filter (icure.md 2.6, 3.3). It reads all
// healthcare parties, which is quick for some thousands.
func (s *Server) filterParties(c *call, in partyFilter) (medtech.Page[medtech.HealthcareParty], error) {
	page := medtech.Page[medtech.HealthcareParty]{PageSize: defaultPage}
	if text := c.URL.Query().Get("limit"); text != "" {
		limit, err := strconv.Atoi(text)
		if err != nil || limit < 1 {
			return page, badRequest("limit must be a whole number above 0")
		}
		page.PageSize = min(limit, defaultPage)
	}
	if in.Filter != nil {
		in = *in.Filter
	}
	matches, err := in.matcher()
	if err != nil {
		return page, err
	}
	var found []medtech.HealthcareParty
	for h, err := range s.parties.find(c.Context(), allDocuments) {
		if err != nil {
			return page, err
		}
		if h.DeletionDate == 0 && matches(h) {
			found = append(found, h)
		}
	}
	in.sort(found)
	page.TotalSize = len(found)
	if start := c.URL.Query().Get("startDocumentId"); start != "" {
		at := slices.IndexFunc(found, func(h medtech.HealthcareParty) bool { return h.ID == start })
		if at < 0 {
			at = len(found)
		}
		found = found[at:]
	}
	if len(found) > page.PageSize {
		page.NextKeyPair = &medtech.KeyPair{StartKeyDocID: found[page.PageSize].ID}
		found = found[:page.PageSize]
	}
	for _, h := range found {
		page.Rows = append(page.Rows, partyFor(c.user, h))
	}
	return page, nil
}

// matcher says which healthcare parties a filter means. A name means those that have
// each of its words as the beginning of a word of theirs.
func (f partyFilter) matcher() (func(medtech.HealthcareParty) bool, error) {
	switch f.Type {
	case "AllHealthcarePartiesFilter":
		return func(medtech.HealthcareParty) bool { return true }, nil
	case "HealthcarePartyByIdsFilter":
		return func(h medtech.HealthcareParty) bool { return slices.Contains(f.IDs, h.ID) }, nil
	case "HealthcarePartyByNameFilter":
		wanted := words(f.Name)
		return func(h medtech.HealthcareParty) bool {
			return beginAll(wanted, words(h.Name, h.FirstName, h.LastName, h.CompanyName, h.Speciality))
		}, nil
	default:
		return nil, badRequest("The filter %q is not supported; use AllHealthcarePartiesFilter, HealthcarePartyByNameFilter or HealthcarePartyByIdsFilter", f.Type)
	}
}

// sort puts the rows in the order of the ids that were asked for, else of the names.
func (f partyFilter) sort(rows []medtech.HealthcareParty) {
	slices.SortStableFunc(rows, func(a, b medtech.HealthcareParty) int {
		if f.Type == "HealthcarePartyByIdsFilter" {
			return cmp.Compare(slices.Index(f.IDs, a.ID), slices.Index(f.IDs, b.ID))
		}
		return cmp.Or(cmp.Compare(plain(a.LastName), plain(b.LastName)), cmp.Compare(plain(a.FirstName), plain(b.FirstName)), cmp.Compare(a.ID, b.ID))
	})
}
