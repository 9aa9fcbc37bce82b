package encrypted

import "testing"

// Whatever a record says, deriving a key by it takes bounded memory and time.
func FuzzRecord(f *testing.F) {
	f.Add([]byte(`{"kdf":"argon2id","salt":"MTIzNDU2Nzg=","rounds":1,"memory":64,"lanes":1,"key":""}`))
	f.Add([]byte(`{"kdf":"pbkdf2-sha256","salt":"MTIzNDU2Nzg=","rounds":1000,"key":""}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := parseRecord(data)
		if err == nil && (r.Memory > 1<<20 && r.Name == argon2id || r.Rounds > 10_000_000 || r.Rounds == 0 || len(r.Salt) < 8) {
			t.Errorf("accepted %+v", r.kdf)
		}
	})
}
