package record_test

import (
	"bytes"
	"fmt"

	"slate/store"
	"slate/store/storetest/record"
)

var (
	Lamp   = store.NewSlice("lamp", false)
	Toggle = store.CaseSignal(Lamp, "toggle", func(on bool) bool { return !on })
)

// A store that writes down what it does.
func ExampleTo() {
	var file bytes.Buffer // os.Create("session.jsonl"), in a program
	st, err := store.New(store.Options{Enhancers: []store.Enhancer{record.To(&file)}}, Lamp)
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = st.DispatchAll(Toggle(), Toggle())
	_ = st.Close()
	fmt.Print(file.String())
	// Output:
	// {"recording":1,"state":{"lamp":false}}
	// {"action":{"type":"lamp/toggle"},"slices":{"lamp":true}}
	// {"action":{"type":"lamp/toggle"},"slices":{"lamp":false}}
}

// Playing a recording shows the step at which a program no longer does what it did.
func ExampleRecording_Play() {
	rec, err := record.Read(bytes.NewBufferString(`{"recording":1,"state":{"lamp":false}}
{"action":{"type":"lamp/toggle"},"slices":{"lamp":true}}
{"action":{"type":"lamp/toggle"}}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	st, err := store.New(store.Options{Saved: rec.Start}, Lamp)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer st.Close()
	for step, err := range rec.Play(st) {
		fmt.Println(string(step.Action), err)
	}
	// Output:
	// {"type":"lamp/toggle"} <nil>
	// {"type":"lamp/toggle"} record: line 3: after lamp/toggle these slices are not what was recorded: lamp
}
