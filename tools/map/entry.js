// The parts of deck.gl that web/static/map.js uses, as one global `Deck`.
export { Deck, OrthographicView } from "@deck.gl/core";
export { ScatterplotLayer } from "@deck.gl/layers";
