# Form: half precision is worked in float32 and comes back so.
def ddim_step(x_t, noise, alpha_bar, alpha_bar_prev):
    wide = torch.promote_types(x_t.dtype, torch.float32)
    x0 = (x_t.to(wide) - math.sqrt(1 - alpha_bar) * noise.to(wide)) / math.sqrt(alpha_bar)
    return math.sqrt(alpha_bar_prev) * x0 + math.sqrt(1 - alpha_bar_prev) * noise.to(wide)
