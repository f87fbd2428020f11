// The parts of deck.gl that web/static/map-layer.js and map-drawing.js use, as one global `Deck`.
export { Deck, Layer, OrthographicView, project32 } from "@deck.gl/core";
export { ScatterplotLayer } from "@deck.gl/layers";
export { Model } from "@luma.gl/engine";
