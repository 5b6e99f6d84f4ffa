def projected_value_and_grad(image, seen):
    # golden_scipy.py:41  return np.sum((RAYS @ image - seen) ** 2)
    RAYS = golden_scipy.RAYS
    if not type(RAYS) is csr_array:
        raise OtherPath
    RAYS__format = RAYS._format
    if not type(RAYS__format) is str or not RAYS__format == 'csr':
        raise OtherPath
    RAYS_data = RAYS.data
    if not (type(RAYS_data) is np.ndarray and RAYS_data.dtype == np.float64 and RAYS_data.shape == (3,)):
        raise OtherPath
    RAYS__shape = RAYS._shape
    if not type(RAYS__shape) is tuple or not len(RAYS__shape) == 2:
        raise OtherPath
    RAYS__shape_0 = RAYS__shape[0]
    if not type(RAYS__shape_0) is int:
        raise OtherPath
    RAYS__shape_1 = RAYS__shape[1]
    if not type(RAYS__shape_1) is int or not RAYS__shape_0 == 2 or not RAYS__shape_1 == 3:
        raise OtherPath
    t1 = sparse_product(RAYS, RAYS_data, image, (2, 3)) - seen
    return (t1 ** 2).sum(), sparse_product_transposed(RAYS, RAYS_data, 2.0 * t1, (2, 3))
