def projected_value_and_grad(image, seen):
    # golden_scipy.py:41  return np.sum((RAYS @ image - seen) ** 2)
    RAYS = golden_scipy.RAYS
    if not type(RAYS) is csr_array:
        raise OtherPath
    RAYS__format = RAYS._format
    if not type(RAYS__format) is str or not RAYS__format == 'csr':
        raise OtherPath
    RAYS_indices = RAYS.indices
    if not (type(RAYS_indices) is np.ndarray and RAYS_indices.dtype == np.int32 and RAYS_indices.shape == (3,)):
        raise OtherPath
    RAYS_indptr = RAYS.indptr
    if not (type(RAYS_indptr) is np.ndarray and RAYS_indptr.dtype == np.int32 and RAYS_indptr.shape == (3,)):
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
    t1 = sparse_product(('csr', RAYS_indices, RAYS_indptr), RAYS_data, image, (2, 3))
    if not (type(t1) is np.ndarray and t1.dtype == np.float64 and t1.shape == (2,)):
        raise OtherPath
    t2 = t1 - seen
    value = (t2 ** 2).sum()
    # adjoint of golden_scipy.py:41
    image_bar = sparse_product_transposed(('csr', RAYS_indices, RAYS_indptr), RAYS_data, 2.0 * t2, (2, 3))
    # golden_scipy.py:41  return np.sum((RAYS @ image - seen) ** 2)
    if not (type(image_bar) is np.ndarray and image_bar.dtype == np.float64 and image_bar.shape == (3,)):
        raise OtherPath
    return value, image_bar
