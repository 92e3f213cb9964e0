"""Assembles a scene from parameters and renders its three layers.

Layers, all linear light, half float, saved as `<layer>.npy` (height, width, RGBA), top row first,
with `<layer>_albedo.npy` and `<layer>_normal.npy` as guides for denoising:
  plate     the room alone
  shadowed  the room with the people's shadows and bounce light, the people themselves unseen
  subject   the people alone over nothing: premultiplied colour and its coverage
  coverage  the same without shading, so that alpha gets many samples for little time
The people are lit by the room in `subject` because the room stays visible to all rays but the
camera's, so image = subject over shadowed holds by construction.
"""

import math
import tempfile
from pathlib import Path

import bpy
import numpy as np

from .lighting import add_lights
from .nodes import emitter
from .person import add_person
from .room import add_room

LAYERS = ("plate", "shadowed", "subject", "coverage")
_COVERAGE_SAMPLES = 64


def clear():
    """Empty Blender file with Cycles as the renderer."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.world = bpy.data.worlds.new("world")
    scene.world.use_nodes = True
    scene.world.node_tree.nodes["Background"].inputs["Color"].default_value = (0.02, 0.02, 0.02, 1)
    return scene


def set_camera(camera):
    """Camera in front of the subject, focused on it."""
    data = bpy.data.cameras.new("camera")
    data.lens, data.sensor_width, data.shift_x = camera.focal, 36.0, camera.shift
    data.dof.use_dof = camera.fstop > 0.0
    data.dof.focus_distance = camera.distance - 0.08
    data.dof.aperture_fstop = max(camera.fstop, 0.1)
    item = bpy.data.objects.new("camera", data)
    scene = bpy.context.scene
    scene.collection.objects.link(item)
    item.location = (0.0, -camera.distance, camera.height_m)
    drop = math.atan2(camera.aim - camera.height_m, camera.distance)
    item.rotation_euler = (math.pi / 2 + drop, 0.0, 0.0)
    scene.camera = item
    scene.render.resolution_x, scene.render.resolution_y = camera.width, camera.height
    scene.render.resolution_percentage = 100


def build(parameters):
    """Fill the scene; returns (room objects, people objects)."""
    clear()
    set_camera(parameters.camera)
    add_lights(parameters.light)
    add_room(parameters.room, parameters.light, parameters.seed)
    room = [item for item in bpy.data.objects if item.type == "MESH"]
    before = set(bpy.data.objects)
    for number, person in enumerate(parameters.people):
        add_person(person, parameters.seed + 101 * number)
    people = [item for item in bpy.data.objects if item not in before]
    return room, people


def _quality(scene, samples, seed):
    cycles = scene.cycles
    cycles.samples, cycles.seed = samples, seed
    cycles.use_denoising = False
    cycles.use_adaptive_sampling = True
    cycles.adaptive_threshold = 0.03
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 6, 2, 2
    cycles.transmission_bounces, cycles.transparent_max_bounces = 6, 16
    cycles.sample_clamp_indirect = 3.0
    cycles.caustics_reflective = cycles.caustics_refractive = False
    scene.render.use_persistent_data = True
    scene.render.threads_mode, scene.render.threads = "FIXED", 2


def _unshaded(scene):
    """Coverage only: one flat emitter on everything, no bounces, many samples."""
    scene.view_layers[0].material_override = emitter("flat", (1.0, 1.0, 1.0), 1.0)
    scene.cycles.max_bounces = 0
    scene.cycles.samples = _COVERAGE_SAMPLES
    scene.cycles.use_adaptive_sampling = False


def _write_passes(scene, folder, layer):
    """Compositor: colour with alpha, and the guides for denoising, each to its own file."""
    view = scene.view_layers[0]
    view.cycles.denoising_store_passes = True
    scene.use_nodes = True
    tree = scene.node_tree
    tree.nodes.clear()
    source = tree.nodes.new("CompositorNodeRLayers")
    target = tree.nodes.new("CompositorNodeOutputFile")
    target.base_path = str(folder)
    target.format.file_format, target.format.color_depth = "OPEN_EXR", "16"
    target.format.color_mode = "RGBA"
    target.file_slots.clear()
    passes = {
        "Image": layer,
        "Denoising Albedo": f"{layer}_albedo",
        "Denoising Normal": f"{layer}_normal",
    }
    for name, file_name in passes.items():
        target.file_slots.new(f"{file_name}_")
        tree.links.new(source.outputs[name], target.inputs[f"{file_name}_"])


def render(parameters, folder, layers=LAYERS):
    """Build the scene and write `layers` into `folder`; with nobody there, only the plate."""
    room, people = build(parameters)
    scene = bpy.context.scene
    visible = [item for item in people if not item.hide_render]
    for number, layer in enumerate(LAYERS):
        if layer not in layers or (layer != "plate" and not visible):
            continue
        for item in visible:
            item.hide_render = layer == "plate"
            item.visible_camera = layer in ("subject", "coverage")
        for item in room:
            item.visible_camera = layer in ("plate", "shadowed")
        scene.render.film_transparent = layer in ("subject", "coverage")
        scene.frame_set(1)
        samples = parameters.samples if layer == "subject" else parameters.samples // 3
        render_layer(scene, folder, layer, max(samples, 1), 4 * parameters.seed + number)


def render_layer(scene, folder, layer, samples, seed):
    """Render what is visible now and save it under the name `layer`."""
    _quality(scene, samples, seed)
    if layer == "coverage":
        _unshaded(scene)
    with tempfile.TemporaryDirectory() as scratch:
        _write_passes(scene, scratch, layer)
        bpy.ops.render.render()
        _save_arrays(Path(scratch), Path(folder))


def _save_arrays(scratch, folder):
    """OpenEXR files to .npy, which need no OpenEXR library to read."""
    for path in sorted(scratch.glob("*.exr")):
        image = bpy.data.images.load(str(path))
        pixels = np.empty(image.size[0] * image.size[1] * 4, dtype=np.float32)
        image.pixels.foreach_get(pixels)
        pixels = pixels.reshape(image.size[1], image.size[0], 4)[::-1]
        np.save(folder / f"{path.stem[: -len('_0001')]}.npy", pixels.astype(np.float16))
        bpy.data.images.remove(image)
