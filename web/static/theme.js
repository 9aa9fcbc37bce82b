// Sets the theme that the person has chosen before anything is drawn, so that the page does not flash in the other one.
// The program keeps the choice in localStorage under "petra" (slices/petra).
try {
	const { theme } = JSON.parse(localStorage.getItem("petra") ?? "{}");
	if (theme) document.documentElement.dataset.theme = theme;
} catch {
	// Storage is blocked or unreadable: the system's theme it is. The program says what is wrong.
}
