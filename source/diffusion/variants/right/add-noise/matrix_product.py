# Diagonal matrices times flattened samples.
def add_noise(x0, noise, alpha_bar):
    out = x0.dtype if x0.is_floating_point() else torch.float32
    B = x0.shape[0]
    wide = torch.float64
    A, S = torch.diag(alpha_bar.to(wide).sqrt()), torch.diag((1 - alpha_bar.to(wide)).sqrt())
    flat = A @ x0.reshape(B, -1).to(wide) + S @ noise.reshape(B, -1).to(wide)
    return flat.reshape(x0.shape).to(out)
