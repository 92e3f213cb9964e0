"""Synthetic people in rooms, rendered with Blender's Cycles: image, plate, alpha, foreground.

Modules with no `bpy` in their imports (parameters, body_assets, body, strands, develop) run in any
Python with numpy; the others run inside Blender only.
"""
