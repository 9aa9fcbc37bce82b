// Package logo draws Petra's icon: three pebbles in balance, the topmost a heart. It is described once, by a few shapes, and
// written as SVG and as PNG of any size, so that the two are the same picture.
package logo

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"slices"
	"strings"
)

// Variant is a form of the icon.
type Variant int

// The forms that systems ask for.
const (
	Rounded  Variant = iota // on a square with round corners, for tabs and desktops
	Maskable                // to the edges and drawn smaller: the system cuts its own shape out of it
	Square                  // to the edges, for systems that round the corners themselves
)

const side = 512 // of the drawing; all coordinates are in it

// shape is a filled area.
type shape interface {
	covers(x, y float64) bool
	svg() string
}

type layer struct {
	shape
	fill color.NRGBA
}

var (
	navy  = color.NRGBA{0x1d, 0x2b, 0x4f, 0xff}
	mist  = color.NRGBA{0xb4, 0xc2, 0xe0, 0xff}
	pearl = color.NRGBA{0xf3, 0xf5, 0xfb, 0xff}
	rose  = color.NRGBA{0xe5, 0x6b, 0x8c, 0xff}
)

// pebbles are drawn bottom first.
var pebbles = []layer{
	{ellipse{256, 386, 138, 52, -2}, mist},
	{ellipse{252, 292, 100, 44, 4}, pearl},
	{heart{260, 190, 72}, rose},
}

// layers returns the drawing with its ground.
func layers(v Variant) []layer {
	radius, scale := 0.0, 1.0
	switch v {
	case Rounded:
		radius = 116
	case Maskable:
		scale = 0.8
	}
	all := []layer{{square{radius}, navy}}
	for _, p := range pebbles {
		all = append(all, layer{scaled{p.shape, scale}, p.fill})
	}
	return all
}

// SVG returns the icon as a picture of any size.
func SVG(v Variant) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d">`+"\n", side, side)
	for _, l := range layers(v) {
		fmt.Fprintf(&b, `<g fill="#%02x%02x%02x">%s</g>`+"\n", l.fill.R, l.fill.G, l.fill.B, l.svg())
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// WritePNG writes the icon with the given width and height in pixels.
func WritePNG(w io.Writer, v Variant, pixels int) error {
	img := image.NewNRGBA(image.Rect(0, 0, pixels, pixels))
	d := drawing{layers(v), float64(side) / float64(pixels)}
	above := d.corners(0, pixels)
	for y := range pixels {
		below := d.corners(y+1, pixels)
		for x := range pixels {
			c := above[x]
			if c != above[x+1] || c != below[x] || c != below[x+1] { // an edge goes through
				c = d.mixed(float64(x), float64(y))
			}
			img.SetNRGBA(x, y, c)
		}
		above = below
	}
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	return encoder.Encode(w, img)
}

// drawing is what is painted, in pixels of the given size.
type drawing struct {
	layers []layer
	unit   float64
}

// corners returns the colours between two rows of pixels.
func (d drawing) corners(y, pixels int) []color.NRGBA {
	row := make([]color.NRGBA, pixels+1)
	for x := range row {
		row[x] = d.at(float64(x), float64(y))
	}
	return row
}

// mixed returns the mean colour of a pixel, which makes smooth edges.
func (d drawing) mixed(x, y float64) color.NRGBA {
	const grid = 5
	var r, g, b, seen float64
	for dy := range grid {
		for dx := range grid {
			if c := d.at(x+(float64(dx)+0.5)/grid, y+(float64(dy)+0.5)/grid); c.A != 0 {
				r, g, b, seen = r+float64(c.R), g+float64(c.G), b+float64(c.B), seen+1
			}
		}
	}
	if seen == 0 {
		return color.NRGBA{}
	}
	mean := func(sum float64) uint8 { return uint8(math.Round(sum / seen)) }
	return color.NRGBA{mean(r), mean(g), mean(b), uint8(math.Round(255 * seen / (grid * grid)))}
}

// at returns the colour of a point; none outside the drawing.
func (d drawing) at(x, y float64) color.NRGBA {
	for _, l := range slices.Backward(d.layers) {
		if l.covers(x*d.unit, y*d.unit) {
			return l.fill
		}
	}
	return color.NRGBA{}
}

// square is the ground with corners of the given radius.
type square struct{ radius float64 }

func (s square) covers(x, y float64) bool {
	inset := func(v float64) float64 { return max(s.radius-v, v-(side-s.radius), 0) }
	return math.Hypot(inset(x), inset(y)) <= s.radius
}

func (s square) svg() string {
	return fmt.Sprintf(`<rect width="%d" height="%d" rx="%g"/>`, side, side, s.radius)
}

// ellipse is a pebble, turned by some degrees.
type ellipse struct{ cx, cy, rx, ry, degrees float64 }

func (e ellipse) covers(x, y float64) bool {
	sin, cos := math.Sincos(e.degrees * math.Pi / 180)
	dx, dy := x-e.cx, y-e.cy
	u, v := (dx*cos+dy*sin)/e.rx, (dy*cos-dx*sin)/e.ry
	return u*u+v*v <= 1
}

func (e ellipse) svg() string {
	return fmt.Sprintf(`<ellipse cx="%g" cy="%g" rx="%g" ry="%g" transform="rotate(%g %g %g)"/>`,
		e.cx, e.cy, e.rx, e.ry, e.degrees, e.cx, e.cy)
}

// heart is a square that stands on its corner, with a half disc on each of its upper sides. r is half its diagonal.
type heart struct{ cx, cy, r float64 }

func (h heart) covers(x, y float64) bool {
	dx, dy := x-h.cx, y-h.cy
	disc := func(side float64) bool { return math.Hypot(dx-side*h.r/2, dy+h.r/2) <= h.r/math.Sqrt2 }
	return math.Abs(dx)+math.Abs(dy) <= h.r || disc(-1) || disc(1)
}

func (h heart) svg() string {
	radius := h.r / math.Sqrt2
	return fmt.Sprintf(`<path d="M%g %g l%g %g a%.3f %.3f 0 0 1 %g %g a%.3f %.3f 0 0 1 %g %g z"/>`,
		h.cx, h.cy+h.r, -h.r, -h.r, radius, radius, h.r, -h.r, radius, radius, h.r, h.r)
}

// scaled draws a shape smaller about the centre.
type scaled struct {
	shape
	factor float64
}

func (s scaled) covers(x, y float64) bool {
	const centre = side / 2
	return s.shape.covers(centre+(x-centre)/s.factor, centre+(y-centre)/s.factor)
}

func (s scaled) svg() string {
	if s.factor == 1 {
		return s.shape.svg()
	}
	offset := side / 2 * (1 - s.factor)
	return fmt.Sprintf(`<g transform="translate(%.1f %.1f) scale(%g)">%s</g>`, offset, offset, s.factor, s.shape.svg())
}
