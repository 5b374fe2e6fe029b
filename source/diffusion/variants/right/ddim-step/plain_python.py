# Number by number.
def ddim_step(x_t, noise, alpha_bar, alpha_bar_prev):
    numbers = []
    for x, n in zip(x_t.reshape(-1).tolist(), noise.reshape(-1).tolist()):
        guess = (x - math.sqrt(1 - alpha_bar) * n) / math.sqrt(alpha_bar)
        numbers.append(math.sqrt(alpha_bar_prev) * guess + math.sqrt(1 - alpha_bar_prev) * n)
    return torch.tensor(numbers, dtype=x_t.dtype).view(x_t.shape)
