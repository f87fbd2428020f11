// A layer of points whose edges are soft, each one vertex: deck.gl's own draws a square a point, which browsers
// without a graphics card need a minute for. Points that are not shown are put out of sight.
const { Layer, Model, project32 } = globalThis.Deck;

const soft = { name: "soft", vs: "layout(std140) uniform softUniforms { float grown; } soft;", uniformTypes: { grown: "f32" } };

export class SoftPoints extends Layer {
  getShaders() {
    const vs = `#version 300 es
      in vec3 places; in vec3 places64Low; in float radii; in vec4 colours;
      out vec4 colour;
      void main(void) {
        geometry.worldPosition = places;
        gl_Position = project_position_to_clipspace(places, places64Low, vec3(0.0), geometry.position);
        if (colours.a == 0.0) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
        gl_PointSize = (2.0 * soft.grown * radii + 0.3) * project.devicePixelRatio;
        colour = vec4(colours.rgb, colours.a * layer.opacity);
      }`;
    const fs = `#version 300 es
      precision highp float;
      in vec4 colour;
      out vec4 fragColor;
      void main(void) {
        vec2 at = 2.0 * gl_PointCoord - 1.0;
        float far = dot(at, at);
        if (far > 1.0) discard;
        fragColor = vec4(colour.rgb, colour.a * (1.0 - far * far));
      }`;
    return super.getShaders({ vs, fs, modules: [project32, soft] });
  }
  initializeState() {
    this.getAttributeManager().add({
      places: { size: 3, type: "float64", fp64: false, accessor: "getPosition" },
      radii: { size: 1, accessor: "getRadius" },
      colours: { size: 4, type: "unorm8", accessor: "getFillColor" },
    });
  }
  updateState(change) {
    super.updateState(change);
    if (!change.changeFlags.extensionsChanged) return;
    this.state.model?.destroy();
    this.state.model = new Model(this.context.device, { ...this.getShaders(), id: this.props.id, bufferLayout: this.getAttributeManager().getBufferLayouts(), topology: "point-list", isInstanced: false });
    this.getAttributeManager().invalidateAll();
  }
  draw() {
    const { model } = this.state;
    model.setVertexCount(this.props.data.length);
    model.shaderInputs.setProps({ soft: { grown: this.props.grown } });
    model.draw(this.context.renderPass);
  }
}
SoftPoints.layerName = "SoftPoints";
SoftPoints.defaultProps = { grown: 1, getPosition: { type: "accessor", value: [0, 0, 0] }, getRadius: { type: "accessor", value: 1 }, getFillColor: { type: "accessor", value: [0, 0, 0, 255] } };
