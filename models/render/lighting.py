"""Area lights: a key that casts the soft shadow on the wall, a fill, a glow from the ceiling."""

import math

import bpy
from mathutils import Vector


def kelvin_colour(kelvin):
    """Linear RGB of a black body, largest channel 1 (fit by T. Helland, then linearised)."""
    t = kelvin / 100.0
    red = 255.0 if t <= 66 else 329.7 * (t - 60) ** -0.1332
    green = 99.47 * math.log(t) - 161.1 if t <= 66 else 288.1 * (t - 60) ** -0.0755
    blue = 255.0 if t >= 66 else 0.0 if t <= 19 else 138.5 * math.log(t - 10) - 305.0
    linear = [(min(max(c, 0.0), 255.0) / 255.0) ** 2.2 for c in (red, green, blue)]
    return tuple(c / max(linear) for c in linear)


def _area(name, power, size, colour, place, target):
    light = bpy.data.lights.new(name, "AREA")
    light.energy, light.size, light.color = power, size, colour
    item = bpy.data.objects.new(name, light)
    bpy.context.scene.collection.objects.link(item)
    item.location = place
    item.rotation_euler = (Vector(target) - Vector(place)).to_track_quat("-Z", "Y").to_euler()
    item.visible_camera = False
    return item


def add_lights(light):
    """Place the lights about a subject at the origin, whose face is about 1.5 m high."""
    azimuth, elevation = math.radians(light.key_azimuth), math.radians(light.key_elevation)
    distance = 2.2
    key = (
        distance * math.sin(azimuth) * math.cos(elevation),
        -distance * math.cos(azimuth) * math.cos(elevation),
        min(1.4 + distance * math.sin(elevation), 2.6),
    )
    colour = kelvin_colour(light.key_kelvin)
    _area("key", light.key_power, light.key_size, colour, key, (0.0, 0.0, 1.4))
    fill = (-1.8 * math.copysign(1.0, azimuth), -1.9, 1.6)
    _area("fill", light.key_power * light.fill, 1.6, kelvin_colour(6200), fill, (0.0, 0.0, 1.3))
    _area(
        "ceiling",
        light.key_power * 0.25,
        2.5,
        kelvin_colour(4800),
        (0.3, -0.6, 2.65),
        (0.3, -0.6, 0),
    )
