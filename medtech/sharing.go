package medtech

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"time"
)

// ShareAllFutureDataWith lets data owners read what the logged-in user creates
// from now on, of the given type ("" means [AllData]), and answers the user.
// What exists already is not shared by it. Ids that have it already are left
// alone; when all do, nothing is sent. The ids are not checked by the server,
// but an unknown one makes later creations fail: pass ids of professionals
// that you have read.
//
// When somebody changes the user at the same time, the change is repeated on
// the fresh user, a few times; then it is [ErrConflict].
//
// Routes: GET user/current, then PUT user if something changes. Unlike the
// original, an omitted type works also once [AllData] is present.
func (a *UserAPI) ShareAllFutureDataWith(ctx context.Context, ids []string, t DataType) (User, error) {
	return a.changeSharing(ctx, "share future data", ids, t, func(list []string, present bool) ([]string, bool) {
		shared := append([]string{}, list...) // never nil, which would be sent as null
		for _, id := range ids {
			if !slices.Contains(shared, id) {
				shared = append(shared, id)
			}
		}
		return shared, !present || len(shared) > len(list)
	})
}

// StopSharingDataWith ends what [UserAPI.ShareAllFutureDataWith] began, for
// what is created from now on, and answers the user. It takes nothing back:
// what was shared stays readable. Ids without a share are ignored; when none
// has one, nothing is sent. Conflicts are handled alike.
//
// Routes: GET user/current, then PUT user if something changes.
func (a *UserAPI) StopSharingDataWith(ctx context.Context, ids []string, t DataType) (User, error) {
	return a.changeSharing(ctx, "stop sharing data", ids, t, func(list []string, _ bool) ([]string, bool) {
		rest := slices.DeleteFunc(slices.Clone(list), func(id string) bool { return slices.Contains(ids, id) })
		return rest, len(rest) < len(list)
	})
}

// sharingTries bounds how often a change meets a conflict. Each try is one read
// and one write.
const sharingTries = 5

// changeSharing applies change to the list of one data type of the logged-in
// user. The change says whether it is one.
func (a *UserAPI) changeSharing(ctx context.Context, op string, ids []string, t DataType, change func(list []string, present bool) ([]string, bool)) (User, error) {
	if t == "" {
		t = AllData
	}
	if !t.Valid() {
		return User{}, invalid(op, "%q is not a type of data", string(t))
	}
	if slices.Contains(ids, "") {
		return User{}, invalid(op, "an id is empty")
	}
	for try := 1; ; try++ {
		u, err := a.GetLoggedUser(ctx)
		if err != nil {
			return User{}, rename(err, op)
		}
		list, present := u.AutoDelegations[t]
		list, changed := change(list, present)
		if !changed {
			return u, nil
		}
		if u.AutoDelegations == nil {
			u.AutoDelegations = map[DataType][]string{}
		}
		u.AutoDelegations[t] = list // u was just decoded and is nobody else's
		stored, err := a.write(ctx, call{op: op, method: "PUT", path: restV1 + "/user"}, u)
		if !errors.Is(err, ErrConflict) || try == sharingTries {
			return stored, err
		}
		if err := pause(ctx, op, try); err != nil {
			return User{}, err
		}
	}
}

// pause waits a random moment that grows with each try, so that those who
// conflict do not meet again.
func pause(ctx context.Context, op string, try int) error {
	timer := time.NewTimer(rand.N(20 * time.Millisecond << try))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return unanswered(ctx, call{op: op}, false, nil)
	}
}
