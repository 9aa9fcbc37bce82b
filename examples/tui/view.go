package main

import (
	"fmt"
	"strings"

	"charm.land/bubbles/v2/help"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"slate/examples/todos"
)

// The terminal's own colours, so that the program looks at home in a light one as in a dark one.
var (
	title  = lipgloss.NewStyle().Bold(true).Foreground(lipgloss.Magenta)
	chosen = lipgloss.NewStyle().Bold(true).Underline(true)
	faint  = lipgloss.NewStyle().Faint(true)
	done   = lipgloss.NewStyle().Faint(true).Strikethrough(true)
	here   = lipgloss.NewStyle().Foreground(lipgloss.Magenta)
	tick   = lipgloss.NewStyle().Foreground(lipgloss.Green)
)

// around is how many lines are not rows: the head, the filters, the input, the status, the help and what is between them.
const around = 9

// rows returns how many rows there is room for.
func (m model) rows() int { return max(1, m.height-around) }

// View implements tea.Model.
func (m model) View() tea.View {
	if m.width == 0 {
		return tea.NewView("") // the terminal has not said how large it is
	}
	lines := []string{"", m.head(), "", m.filters(), ""}
	lines = append(lines, m.list()...)
	lines = append(lines, "")
	typing := len(lines)
	if m.input.Focused() {
		lines = append(lines, "  "+m.input.View())
	} else {
		lines = append(lines, "  "+faint.Render(m.view.Status))
	}
	hints := help.New()
	hints.ShortSeparator = "  "
	hints.SetWidth(max(0, m.width-2))
	lines = append(lines, "", "  "+hints.View(keys))

	v := tea.NewView(strings.Join(lines, "\n"))
	v.AltScreen = true
	v.WindowTitle = "to do"
	if c := m.input.Cursor(); m.input.Focused() && c != nil {
		c.X += 2
		c.Y += typing
		v.Cursor = c
	}
	return v
}

func (m model) head() string {
	name := title.Render("To do")
	counts := faint.Render(fmt.Sprintf("%d open · %d done", m.view.Open, m.view.Done))
	gap := max(1, m.width-4-lipgloss.Width(name)-lipgloss.Width(counts))
	return "  " + name + strings.Repeat(" ", gap) + counts
}

func (m model) filters() string {
	var names []string
	for _, f := range todos.Filters {
		style := faint
		if f == m.view.Filter {
			style = chosen
		}
		names = append(names, style.Render(f.String()))
	}
	return "  " + strings.Join(names, "  ")
}

// list draws the rows that there is room for, however many there are.
func (m model) list() []string {
	if m.view.Rows.Len() == 0 {
		return []string{"  " + faint.Render("nothing here")}
	}
	var lines []string
	at := m.top
	for _, t := range m.view.Rows.Page(m.top, m.rows()).All() {
		pointer, mark, text := "  ", "○", t.Text
		if at == m.cursor {
			pointer = here.Render("› ")
		}
		if t.Done {
			mark, text = tick.Render("●"), done.Render(text)
		}
		line := "  " + pointer + mark + " " + text
		lines = append(lines, lipgloss.NewStyle().MaxWidth(max(1, m.width)).Render(line))
		at++
	}
	return lines
}
