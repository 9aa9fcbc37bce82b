package main

import "charm.land/bubbles/v2/key"

// keyMap is what a person can press while nothing is being typed.
type keyMap struct {
	Up, Down, Add, Toggle, Remove, Undo, Sweep, Filter, Save, Quit key.Binding
}

var keys = keyMap{
	Up:     key.NewBinding(key.WithKeys("up", "k"), key.WithHelp("↑↓", "move")),
	Down:   key.NewBinding(key.WithKeys("down", "j")),
	Add:    key.NewBinding(key.WithKeys("a"), key.WithHelp("a", "add")),
	Toggle: key.NewBinding(key.WithKeys("space", "enter"), key.WithHelp("space", "done")),
	Remove: key.NewBinding(key.WithKeys("x", "delete"), key.WithHelp("x", "remove")),
	Undo:   key.NewBinding(key.WithKeys("u"), key.WithHelp("u", "undo")),
	Sweep:  key.NewBinding(key.WithKeys("c"), key.WithHelp("c", "sweep")),
	Filter: key.NewBinding(key.WithKeys("tab"), key.WithHelp("tab", "filter")),
	Save:   key.NewBinding(key.WithKeys("s"), key.WithHelp("s", "save")),
	Quit:   key.NewBinding(key.WithKeys("q", "ctrl+c"), key.WithHelp("q", "quit")),
}

// ShortHelp implements help.KeyMap.
func (k keyMap) ShortHelp() []key.Binding {
	return []key.Binding{k.Up, k.Add, k.Toggle, k.Remove, k.Undo, k.Sweep, k.Filter, k.Save, k.Quit}
}

// FullHelp implements help.KeyMap.
func (k keyMap) FullHelp() [][]key.Binding { return [][]key.Binding{k.ShortHelp()} }
