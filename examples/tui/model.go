package main

import (
	"context"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"slate/examples/todos"
	"slate/store"
)

// model is what is on the screen: the store's view, and what belongs to this screen alone.
type model struct {
	ctx     context.Context
	st      *store.Store
	file    string
	changes <-chan todos.View

	view          todos.View // as the store last had it
	cursor        int        // row under the cursor
	top           int        // first row on the screen
	input         textinput.Model
	width, height int
}

func newModel(ctx context.Context, st *store.Store, file string) model {
	input := textinput.New()
	input.Prompt = "+ "
	input.Placeholder = "what is to be done?"
	input.SetVirtualCursor(false) // the terminal's own, which needs no timer to blink
	return model{
		ctx:     ctx,
		st:      st,
		file:    file,
		changes: store.Changes(ctx, st, todos.Screen),
		view:    todos.Screen.Of(st.State()),
		input:   input,
	}
}

// changed says that the store has another view.
type changed struct{}

// follow waits for the next change of the store; Bubble Tea runs it beside its loop.
//
// Program.Send from store.Subscribe would do as well where only others dispatch. Here Update dispatches too, and a
// subscriber is called by who dispatches: Send would wait for Update, and Update for Send.
func (m model) follow() tea.Msg {
	if _, ok := <-m.changes; !ok {
		return nil // the store is closed, or ctx has ended
	}
	return changed{}
}

// Init implements tea.Model.
func (m model) Init() tea.Cmd { return m.follow }

// Update implements tea.Model.
func (m model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case changed:
		return m.refreshed(), m.follow
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
		m.input.SetWidth(max(8, m.width-6))
		return m.refreshed(), nil
	case tea.KeyPressMsg:
		if m.input.Focused() {
			return m.typed(msg)
		}
		return m.pressed(msg)
	}
	return m, nil
}

// dispatch sends an action and shows what came of it without waiting for the news.
func (m model) dispatch(a store.Action) (tea.Model, tea.Cmd) {
	if err := m.st.Dispatch(a); err != nil { // the store was closed
		return m, tea.Quit
	}
	return m.refreshed(), nil
}

// refreshed takes the view from the store. What a message carries may be older than what Update has dispatched since.
func (m model) refreshed() model {
	m.view = todos.Screen.Of(m.st.State())
	return m.moved(0)
}

// moved moves the cursor, and the rows so that it can be seen.
func (m model) moved(by int) model {
	rows := m.rows()
	m.cursor = min(max(0, m.cursor+by), max(0, m.view.Rows.Len()-1))
	m.top = min(max(m.top, m.cursor-rows+1, 0), m.cursor, max(0, m.view.Rows.Len()-rows))
	return m
}

// pressed obeys a key while nothing is being typed.
func (m model) pressed(msg tea.KeyPressMsg) (tea.Model, tea.Cmd) {
	switch {
	case key.Matches(msg, keys.Quit):
		return m, tea.Quit
	case key.Matches(msg, keys.Up):
		return m.moved(-1), nil
	case key.Matches(msg, keys.Down):
		return m.moved(1), nil
	case key.Matches(msg, keys.Add):
		return m, m.input.Focus()
	case key.Matches(msg, keys.Undo):
		return m.dispatch(todos.Undo())
	case key.Matches(msg, keys.Sweep):
		return m.dispatch(todos.RemoveDone())
	case key.Matches(msg, keys.Filter):
		next := (slices.Index(todos.Filters, m.view.Filter) + 1) % len(todos.Filters)
		return m.dispatch(todos.Show(todos.Filters[next]))
	case key.Matches(msg, keys.Save):
		todos.Save.Start(m.ctx, m.st, m.file) // its beginning and its end come as changes of the view
		return m, nil
	case m.view.Rows.Len() == 0:
		return m, nil
	case key.Matches(msg, keys.Toggle):
		return m.dispatch(todos.Toggle(m.view.Rows.At(m.cursor).ID))
	case key.Matches(msg, keys.Remove):
		return m.dispatch(todos.Remove(m.view.Rows.At(m.cursor).ID))
	}
	return m, nil
}

// typed obeys a key while a text is being typed.
func (m model) typed(msg tea.KeyPressMsg) (tea.Model, tea.Cmd) {
	switch msg.String() {
	case "enter":
		text := strings.TrimSpace(m.input.Value())
		m.input.Reset()
		m.input.Blur()
		if text == "" {
			return m, nil
		}
		m.cursor = m.view.Rows.Len() // the new one; moved() keeps it among the rows
		return m.dispatch(todos.Add(text))
	case "esc", "ctrl+c":
		m.input.Reset()
		m.input.Blur()
		return m, nil
	}
	var cmd tea.Cmd
	m.input, cmd = m.input.Update(msg)
	return m, cmd
}
