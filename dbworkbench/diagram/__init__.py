"""Pictures of designs: Graphviz proposes an order, an own router draws the lines, and the SVG is plain attributes."""
