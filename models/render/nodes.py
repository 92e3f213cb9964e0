"""Short forms for building Blender shader trees. Colours are linear RGB triples."""

import bpy


class Shader:
    """A material under construction: adds nodes and links them to the surface output."""

    def __init__(self, name):
        self.material = bpy.data.materials.new(name)
        self.material.use_nodes = True
        self.tree = self.material.node_tree
        self.tree.nodes.clear()
        self.output = self.tree.nodes.new("ShaderNodeOutputMaterial")

    def node(self, kind, properties=None, **inputs):
        """New node `ShaderNode<kind>`; inputs by name (underscores for spaces): value or socket."""
        node = self.tree.nodes.new(f"ShaderNode{kind}")
        for key, value in (properties or {}).items():
            setattr(node, key, value)
        for key, value in inputs.items():
            self.feed(node.inputs[key.replace("_", " ")], value)
        return node

    def feed(self, socket, value):
        """Link an output socket to `socket`, or set its default value."""
        if isinstance(value, bpy.types.NodeSocket):
            self.tree.links.new(value, socket)
        elif socket.type == "RGBA" and len(value) == 3:
            socket.default_value = (*value, 1.0)
        else:
            socket.default_value = value

    def surface(self, node):
        """Finish: connect `node` to the surface and return the material."""
        self.tree.links.new(node.outputs[0], self.output.inputs["Surface"])
        return self.material

    def coordinates(self, name="Object", scale=(1.0, 1.0, 1.0), rotation=(0.0, 0.0, 0.0)):
        """Texture coordinate socket `name`, scaled and rotated (radians)."""
        source = self.node("TexCoord").outputs[name]
        mapping = self.node("Mapping", Vector=source, Scale=scale, Rotation=rotation)
        return mapping.outputs["Vector"]

    def noise(self, vector, scale, detail=4.0, roughness=0.5):
        """Fractal noise in [0, 1]."""
        node = self.node("TexNoise", Vector=vector, Scale=scale, Detail=detail, Roughness=roughness)
        return node.outputs["Fac"]

    def mix(self, factor, first, second):
        """Colour mix; factor 0 gives `first`."""
        return self.node("MixRGB", Fac=factor, Color1=first, Color2=second).outputs["Color"]

    def ramp(self, value, stops):
        """Colour ramp through `stops`, a list of (position, colour)."""
        node = self.node("ValToRGB", Fac=value)
        elements = node.color_ramp.elements
        while len(elements) < len(stops):
            elements.new(0.5)
        for element, (position, colour) in zip(elements, stops, strict=True):
            element.position = position
            element.color = (*colour, 1.0)
        return node.outputs["Color"]

    def math(self, operation, first, second=0.0):
        """Scalar arithmetic node."""
        node = self.node("Math", {"operation": operation})
        self.feed(node.inputs[0], first)
        self.feed(node.inputs[1], second)
        return node.outputs["Value"]

    def bump(self, height, strength, distance):
        """Normal socket that follows `height`; distance in metres."""
        node = self.node("Bump", Strength=strength, Distance=distance, Height=height)
        return node.outputs["Normal"]


def plain(name, colour, roughness=0.6, metallic=0.0):
    """Single-colour principled material."""
    shader = Shader(name)
    return shader.surface(
        shader.node("BsdfPrincipled", Base_Color=colour, Roughness=roughness, Metallic=metallic)
    )


def emitter(name, colour, strength):
    """Emissive material; strength in W/m2/sr per colour unit."""
    shader = Shader(name)
    return shader.surface(shader.node("Emission", Color=colour, Strength=strength))
