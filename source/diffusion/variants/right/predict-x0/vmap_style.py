# torch.vmap over the batch.
def predict_x0(x_t, noise, alpha_bar):
    def one(x, n, a):
        return (x - torch.sqrt(1 - a) * n) / torch.sqrt(a)

    return torch.vmap(one)(x_t, noise, alpha_bar.to(x_t.dtype))
