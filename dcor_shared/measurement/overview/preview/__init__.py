"""The preview: one static picture of a measurement, for cards, links and pages without script.

It is rasterised with numpy, OpenCV and Pillow; runs in sandboxed processes only.
"""
