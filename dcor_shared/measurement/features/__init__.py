"""Features computed from masks, contours and images, many events at a time.

The results equal those of dclab (rtol 1e-6, atol 1e-9, the same NaN pattern); dclab computes them
event by event in Python. Here contours of many events lie end to end in one array
(:class:`~dcor_shared.measurement.features.contours.ContourBatch`), and OpenCV does the pixel work.
"""
